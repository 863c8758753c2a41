/** Of an authenticator, as it stands in addresses. */
export const AUTHENTICATOR_NAME = /^[\w-]{1,64}$/;
