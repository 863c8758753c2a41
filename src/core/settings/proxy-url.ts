/** Proxies that undici can tunnel through. A path would be meaningless. */
export function isProxyUrl(value: string): boolean {
  try {
    const url = new URL(value);
    const { protocol, hostname, pathname, search, hash, username, password } = url;
    const isBare = hostname !== '' && pathname === '/' && search === '' && hash === '';
    // Throws on an invalid escape; a colon would end the user name (RFC 7617, section 2).
    const isLogin = !decodeURIComponent(username).includes(':') && decodeURIComponent(password) !== undefined;
    return /^https?:$/.test(protocol) && isBare && isLogin && (username !== '' || password === '');
  } catch {
    return false;
  }
}
