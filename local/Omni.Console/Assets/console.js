// What a page of the server cannot do itself: remember the colours that a browser wants, and keep the end of a chat in sight.
window.omniConsole = {
  theme: () => localStorage.getItem("omni-theme"),
  keepTheme: (theme) => localStorage.setItem("omni-theme", theme),
  toEnd: (element) => { if (element) element.scrollTop = element.scrollHeight; },
};
