// NocoBase's clients are single-page applications: without a session, or when it has expired, they show /signin without
// loading it, so a proxy does not notice. This script turns that one change into a real navigation. It makes no
// decisions, knows no session and sends nothing anywhere; where /signin leads is up to the proxy. Written for the
// browsers that NocoBase's own clients run in, including old ones: docs/browsers.md.
(() => {
  // In a frame the gateway's pages are blocked (frame-ancestors): there NocoBase's own form stays.
  if (typeof window === 'object' && window.top !== window) return;
  const signIn = /\/signin\/?$/;
  // Changes between NocoBase's own forms are left alone.
  const ownForm = /\/(?:signin|signup|forgot-password|reset-password)\/?$/;
  let leaving = false;

  /**
   * The v1 client does not escape the wanted page, so its second parameter would be lost, and so would its fragment.
   * @param {URL} address
   */
  const withWantedPage = ({ pathname, search }) => {
    const [, unescaped] = /^\?redirect=(\/.*)$/.exec(search) || [];
    return pathname + (unescaped ? `?redirect=${encodeURIComponent(unescaped + location.hash)}` : search);
  };

  for (const method of /** @type {const} */ (['pushState', 'replaceState'])) {
    const original = history[method];
    history[method] = function (state, unused, url) {
      if (leaving) return;
      const target = new URL(url || location.href, location.href);
      if (!signIn.test(target.pathname) || ownForm.test(location.pathname)) {
        original.call(this, state, unused, url);
        return;
      }
      leaving = true;
      document.documentElement.style.visibility = 'hidden'; // otherwise the form would appear briefly
      // With the origin in front: a path that starts with two slashes would name another host.
      location.replace(location.origin + withWantedPage(target));
    };
  }
})();
