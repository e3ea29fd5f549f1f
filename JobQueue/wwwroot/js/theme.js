// Runs before the first paint: the chosen theme is an attribute of the document, so nothing flashes on reload.
(() => {
  const key = 'jobqueue.theme';
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const read = () => {
    try {
      return localStorage.getItem(key) ?? 'system';
    } catch {
      return 'system'; // Storage is switched off: the system's choice is as good as any.
    }
  };
  const apply = () => {
    const choice = read();
    const root = document.documentElement;
    root.dataset.themeChoice = choice;
    root.dataset.theme = choice === 'system' ? (dark.matches ? 'dark' : 'light') : choice;
    root.style.colorScheme = root.dataset.theme;
  };

  apply();
  dark.addEventListener('change', apply);
  addEventListener('storage', event => event.key === key && apply());
  document.addEventListener('click', event => {
    const choice = event.target.closest('body [data-theme-choice]')?.dataset.themeChoice;
    if (!choice)
      return;
    try {
      localStorage.setItem(key, choice);
    } catch {
      return;
    }
    apply();
  }, true);
})();
