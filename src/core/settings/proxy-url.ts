/** What undici can tunnel through. The path of a proxy means nothing. */
export function isProxyUrl(value: string): boolean {
  try {
    const url = new URL(value);
    const { protocol, hostname, pathname, search, hash, username, password } = url;
    const isBare = hostname !== '' && pathname === '/' && search === '' && hash === '';
    // Throws where an escape is broken; a colon would end the user's name (RFC 7617, section 2).
    const isLogin = !decodeURIComponent(username).includes(':') && decodeURIComponent(password) !== undefined;
    return /^https?:$/.test(protocol) && isBare && isLogin && (username !== '' || password === '');
  } catch {
    return false;
  }
}
