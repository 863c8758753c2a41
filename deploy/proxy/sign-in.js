// NocoBase's clients are single-page applications: without a session, or when it has ended, they show /signin without
// loading it, so a proxy never hears of it. This turns that one step into a real navigation. It decides nothing, knows no
// session and sends nothing anywhere; where /signin leads is the proxy's business. Written for the browsers that NocoBase's
// own clients run in, old ones included: docs/browsers.md.
(() => {
  // In a frame the gateway's pages show nothing (frame-ancestors): there NocoBase's own form stays.
  if (typeof window === 'object' && window.top !== window) return;
  const signIn = /\/signin\/?$/;
  // From one form of NocoBase's own to another people go undisturbed.
  const ownForm = /\/(?:signin|signup|forgot-password|reset-password)\/?$/;
  let leaving = false;

  /**
   * The v1 client writes the wanted page unescaped, so that its second parameter would be lost, and without its fragment.
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
      document.documentElement.style.visibility = 'hidden'; // the form would flash up
      // With the origin in front: a path that starts with two slashes would name another host.
      location.replace(location.origin + withWantedPage(target));
    };
  }
})();
