/** The target of the `redirect` failure. A client that must not follow redirects never gets here. */
export const REDIRECT_TARGET = '/__redirected__';
