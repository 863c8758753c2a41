/**
 * A JSON Web Token: header and payload are base64url of `{"`, which is `eyJ`. Those three letters alone also occur by chance, in a
 * nonce or in the name of a cookie.
 */
export const SESSION_TOKEN = /eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/;
