import { coloursFor, duration, type Output } from './terminal';

/** A terminal of unknown width reports 0. */
const columnsOf = ({ columns = 0 }: Output): number => (columns > 0 ? columns : 80);

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Moves a terminal's cursor to the start of its line, and empties that. */
const CLEAR = '\r\u001b[2K';

/** How often a terminal's line is drawn again, and how often a log gets a line that says "still at it". */
const TERMINAL_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 10_000;

/** Replaces the note of a running step, such as the thing it waits for. */
export type Note = (text: string) => void;

/**
 * Consecutive steps: each shows its title, that it is still running, its outcome and its duration.
 * A terminal gets one line per step, redrawn while it runs; a log gets plain lines.
 */
export class Progress {
  /** Whether a terminal's cursor stands behind a line that is drawn again and again. */
  private drawn = false;

  constructor(
    private readonly output: Output,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * @param title what is being done: `Deploying with Terraform`
   * @param work the step; its error is marked and passed on
   * @param done the closing line, from the step's result; the title by default. `failed` marks a step that ended without
   * an error and not well: no ✓ stands before the ✗ of the same thing
   */
  async step<T>(
    title: string,
    work: (note: Note) => Promise<T>,
    done?: (result: T) => string | { readonly failed: string },
  ): Promise<T> {
    const started = this.now();
    const line = this.liveLine(title, started);
    try {
      const result = await work(line.note);
      const end = done?.(result) ?? title;
      if (typeof end === 'string') line.end(true, end);
      else line.end(false, end.failed);
      return result;
    } catch (error) {
      line.end(false, title);
      throw error;
    }
  }

  /** A line between the steps, or while one runs. */
  say(text: string): void {
    this.output.write(`${this.drawn ? CLEAR : ''}  ${text}\n`);
  }

  private liveLine(title: string, started: number): { note: Note; end: (ok: boolean, text: string) => void } {
    const { output } = this;
    const colours = coloursFor(output);
    const live = output.isTTY === true;
    const elapsed = (): string => duration(this.now() - started);
    let note = '';
    let frame = 0;
    const draw = (): void => {
      const text = `${title} … ${elapsed()}${note === '' ? '' : `  ${note}`}`;
      if (live) {
        const mark = FRAMES[frame++ % FRAMES.length] ?? '';
        output.write(`${CLEAR}${mark} ${text.slice(0, columnsOf(output) - 3)}`);
      } else {
        output.write(`  ${text}\n`);
      }
    };
    this.drawn = live;
    if (live) draw();
    else output.write(`- ${title}\n`);
    const timer = setInterval(draw, live ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS);
    return {
      note: (text) => {
        note = text;
      },
      end: (ok, text) => {
        clearInterval(timer);
        this.drawn = false;
        const mark = ok ? colours.good('✓') : colours.bad('✗');
        output.write(`${live ? CLEAR : ''}${mark} ${text} ${colours.quiet(`(${elapsed()})`)}\n`);
      },
    };
  }
}
