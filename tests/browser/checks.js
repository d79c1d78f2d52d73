// What axe does not look at, asked by test_accessibility.py of the page that is open.
(() => {
  const shown = each => each.checkVisibility({ visibilityProperty: true }) && !each.closest("#swagger-ui");
  const LOOK = ["outlineStyle", "outlineWidth", "boxShadow", "borderColor", "backgroundColor", "top", "textDecorationLine"];
  const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";

  const look = each => {
    const style = getComputedStyle(each);
    return LOOK.map(name => style[name]).join();
  };
  const around = each => [each, each.parentElement, each.nextElementSibling].filter(Boolean).map(look).join("|");

  // What decides the contrast of an element's words: their colour and size, and all that is painted behind them.
  const LARGE = 24, LARGE_BOLD = 18.66; // pixels, of which WCAG asks less contrast
  const large = style => parseFloat(style.fontSize) >= (style.fontWeight >= 700 ? LARGE_BOLD : LARGE);
  const painted = (each, known) => {
    if (!each) return "";
    if (!known.has(each)) {
      const style = getComputedStyle(each);
      const own = [style.backgroundColor, style.backgroundImage, style.opacity].join();
      known.set(each, `${own}|${painted(each.parentElement, known)}`);
    }
    return known.get(each);
  };
  const colours = (each, known) => {
    const style = getComputedStyle(each);
    return [style.color, large(style), style.textDecorationLine, painted(each, known)].join();
  };
  const hasWords = each => [...each.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())
    || each.matches("input, select, textarea");
  const drawn = () => {
    const known = new Map();
    const all = [...document.body.querySelectorAll("*")].filter(each => hasWords(each) && shown(each));
    return new Map(all.map(each => [each, colours(each, known)]));
  };
  let looks = new Map();

  window.checks = {
    // One first heading, and none that skips a level.
    headings() {
      const all = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(shown);
      const levels = all.map(each => Number(each.tagName[1]));
      const firsts = levels.filter(level => level === 1).length;
      const skips = levels.filter((level, at) => at && level > levels[at - 1] + 1);
      return [...(firsts === 1 ? [] : [`${firsts} × h1`]), ...skips.map(level => `h${level} after a higher one`)];
    },

    // What axe looks at. What Swagger UI draws of the API is left to its maintainers (nested controls, grey on grey);
    // the same is told in docs/api.md, and without a script under /api/v1/schema/.
    everything() {
      return { exclude: ["#swagger-ui"] };
    },

    // After a change of the colour scheme.
    async settle() {
      const frame = () => new Promise(resolve => { requestAnimationFrame(resolve); setTimeout(resolve, 500); });
      await frame(); // scripts of the page are told of another scheme or size with the next frame
      await frame();
      const changes = () => document.getAnimations().filter(each => each instanceof CSSTransition);
      for (let round = 0; round < 50 && changes().length; round += 1) changes().forEach(each => each.finish());
    },

    // How each element looks now.
    remember() {
      looks = drawn();
    },

    // The elements with words of their own that look otherwise than when they were remembered, or were not there.
    otherwise() {
      return [...drawn()].filter(([each, look]) => looks.get(each) !== look).map(([each]) => each);
    },

    wider() {
      return document.documentElement.scrollWidth - document.documentElement.clientWidth;
    },

    // Elements that look the same with and without the focus. Only after a key was pressed.
    unseenFocus(most) {
      const all = [...document.querySelectorAll(FOCUSABLE)].filter(each => shown(each) && !each.disabled);
      return all.slice(0, most).filter(each => {
        document.activeElement?.blur();
        const before = around(each);
        each.focus();
        return document.activeElement === each && around(each) === before;
      }).map(each => each.outerHTML.slice(0, 120));
    },
  };
})();
