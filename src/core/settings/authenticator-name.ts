/** Format of an authenticator's name, which is part of addresses. */
export const AUTHENTICATOR_NAME = /^[\w-]{1,64}$/;
