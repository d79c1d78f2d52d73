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

  window.checks = {
    // One first heading, and none that skips a level.
    headings() {
      const all = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(shown);
      const levels = all.map(each => Number(each.tagName[1]));
      const firsts = levels.filter(level => level === 1).length;
      const skips = levels.filter((level, at) => at && level > levels[at - 1] + 1);
      return [...(firsts === 1 ? [] : [`${firsts} × h1`]), ...skips.map(level => `h${level} after a higher one`)];
    },

    // After a change of the colour scheme.
    settled() {
      const changes = document.getAnimations().filter(each => each instanceof CSSTransition);
      return Promise.allSettled(changes.map(each => each.finished)).then(() => changes.length);
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
