import ora, { type Ora } from 'ora';

/** Starts that are quick need no words. */
const QUIET_MS = 1_000;
/** A log file is not a spinner: a line every two seconds is enough. */
const LINE_MS = 2_000;

/** Says which steps are under way, once they have taken a second: a spinner on a terminal, else lines. */
export class Progress {
  private readonly steps = new Map<string, string>();
  private readonly timer = setTimeout(() => this.speak(), QUIET_MS);
  private loud = false;
  private said = '';
  private spokeAt = 0;
  private spinner: Ora | undefined;

  /** A terminal that does not know its width would send the spinner into an endless loop. */
  constructor(private readonly terminal = process.stderr.isTTY && process.stderr.columns > 0) {}

  /** Shows the sentence while the work runs. */
  async during<T>(sentence: string, work: (detail: (text: string) => void) => Promise<T>): Promise<T> {
    this.steps.set(sentence, sentence);
    this.show();
    try {
      return await work((detail) => {
        this.steps.set(sentence, `${sentence}: ${detail}`);
        this.show();
      });
    } finally {
      this.steps.delete(sentence);
      this.show();
    }
  }

  /** A line that stays. */
  say(sentence: string): void {
    this.spinner?.clear();
    process.stderr.write(`${sentence}\n`);
  }

  /** No more words about steps; from here on the terminal belongs to the application. */
  end(): void {
    clearTimeout(this.timer);
    this.spinner?.stop();
    this.loud = false;
  }

  private speak(): void {
    this.loud = true;
    if (this.terminal) this.spinner = ora({ discardStdin: false, hideCursor: false });
    this.show();
  }

  private show(): void {
    const text = [...this.steps.values()].join(' · ');
    if (!this.loud || !text || text === this.said) return;
    if (this.spinner?.isSpinning) this.spinner.text = text;
    else if (this.spinner) this.spinner.start(text);
    else if (Date.now() - this.spokeAt < LINE_MS) return;
    else process.stderr.write(`${text}\n`);
    this.said = text;
    this.spokeAt = Date.now();
  }
}
