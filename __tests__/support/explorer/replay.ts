/** An answer that a run has had. `isPassing`: it only makes the run ask again. */
export type Answer = { readonly value: unknown } | { readonly error: unknown; readonly isPassing?: boolean };

/** A request that waits for its answer. */
export interface Request {
  readonly label: string;
  readonly effect: () => unknown;
  /** All that it asks for: equal for equal requests. */
  readonly details: string;
}

/** Where a run stands. */
export interface Standing {
  /** Undefined: it has come to its end. */
  readonly asks?: Request;
  /** Why it failed, if it did. */
  readonly failure?: string;
  /** What it began with last, and after how many answers that was. */
  readonly began?: { readonly what: string; readonly after: number };
}

/** Asks something of the world; `details` where the label does not say all. */
export type Ask = <Result>(label: string, effect: () => Result, details?: string) => Promise<Result>;

/**
 * The code under test. Everything that it wants of the world it asks for; `beginsWith` says that it begins anew, with
 * nothing in mind but this.
 */
export type Start = (ask: Ask, beginsWith: (what: string) => void) => Promise<unknown>;

/** An answer, and to what. */
export interface Given {
  readonly asked: string;
  readonly name: string;
  readonly answer: Answer;
}

/** Answers, in their order. */
export type History = readonly Given[];

/** Runs the code again until it asks for what has no answer yet, or is at its end. */
export function replay(start: Start, history: History): Promise<Standing> {
  return new Promise((resolve) => {
    let asked = 0;
    let began: Standing['began'];
    const soFar = () => (began === undefined ? {} : { began });
    const ask: Ask = <Result>(label: string, effect: () => Result, details = '') => {
      const given = history[asked];
      asked += 1;
      if (given === undefined) {
        resolve({ asks: { label, effect, details }, ...soFar() });
        return new Promise<Result>(() => undefined);
      }
      const { answer } = given;
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- it is what the effect threw
      return 'error' in answer ? Promise.reject(answer.error) : Promise.resolve(answer.value as Result);
    };
    const beginsWith = (what: string) => {
      began = { what, after: asked };
    };
    start(ask, beginsWith).then(
      () => {
        resolve(soFar());
      },
      (error: unknown) => {
        resolve({ failure: String(error), ...soFar() });
      },
    );
  });
}
