/* Keeps what is being typed in a form a moment after the typing stops, and when one leaves.

   The form carries `data-autosave` (the address that keeps it, for its writer alone) and the words
   for when that fails; a `[data-autosave-status]` in it says quietly when it was kept. Without
   this module the button with the same address does it. */

const AFTER_TYPING = 1500; // milliseconds of silence
const AT_LONGEST = 15000; // while one types without a pause
const TRY_AGAIN = 10000;

class Keeper {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-autosave-status]");
    this.kept = this.words();
    this.reset();
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("submit", () => this.stop());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.leave();
    });
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.reset();
    });
  }

  words() {
    return new URLSearchParams(new FormData(this.form)).toString();
  }

  reset() {
    this.isSent = false;
    this.firstUnkept = null;
    this.running = null;
  }

  later(wait = AFTER_TYPING) {
    if (this.isSent) return;
    const now = Date.now();
    this.firstUnkept ??= now;
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => this.keep(),
      Math.max(0, Math.min(wait, this.firstUnkept + AT_LONGEST - now)),
    );
  }

  leave() {
    clearTimeout(this.timer);
    if (!this.isSent) this.keep({ keepalive: true });
  }

  /* The form itself is being sent: what is under way would only come back afterwards. */
  stop() {
    this.isSent = true;
    clearTimeout(this.timer);
    this.running?.abort();
  }

  async keep({ keepalive = false } = {}) {
    const body = this.words();
    if (this.isSent || body === this.kept) return;
    if (this.running && !keepalive) return this.later();
    const running = new AbortController();
    this.running = running;
    try {
      const response = await fetch(this.form.dataset.autosave, {
        method: "POST",
        body,
        headers: {
          Accept: "application/json",
          "Content-Type": "application/x-www-form-urlencoded",
          "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value,
        },
        signal: running.signal,
        keepalive,
      });
      if (response.redirected || response.status === 403) {
        this.say(this.form.dataset.autosaveSignedOut);
        return;
      }
      const { words } = await response.json();
      this.kept = body;
      this.firstUnkept = null;
      this.say(words);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.say(this.form.dataset.autosaveFailed);
      this.firstUnkept = null;
      this.later(TRY_AGAIN);
    } finally {
      if (this.running === running) this.running = null;
    }
  }

  /* Only what is new: a screen reader hears it once a minute at most. */
  say(words) {
    if (this.status.textContent !== words) this.status.textContent = words;
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Keeper(form);
