import { parseAddress, textOf, type JsonObject, type Plan } from './plan';
import { REFERENCE } from './statements';

/** What a reference to AWS's name of a resource of the same module looks like. */
const NAME = /^aws_\w+\.[\w-]+(?:\[[^\]]*\])?\.(?:\w+_)?(?:arn|id|name|url|bucket|function_name)$/u;

/** The references in texts as they were written: `${aws_s3_bucket.uploads.arn}`. */
export class References {
  private readonly known = new Map<string, JsonObject>();

  constructor(plan: Plan) {
    for (const { address, values } of plan.prior_state?.values?.root_module?.resources ?? []) {
      if (values !== undefined) this.known.set(address, values);
    }
    for (const { address, change } of plan.resource_changes ?? []) {
      if (change.after !== null) this.known.set(address, change.after);
    }
  }

  /**
   * Puts in what the plan knows; a reference to what only the apply can tell stays as it was written.
   * @param from the address of the resource whose configuration the text is of
   */
  resolve(text: string, from: string): string {
    const { modules } = parseAddress(from);
    const prefix = modules.map((name) => `module.${name}.`).join('');
    return text.replace(REFERENCE, (reference) => {
      const [, address = '', attribute = ''] = /^\$\{(.*)\.([\w-]+)\}$/su.exec(reference) ?? [];
      const value = textOf(this.known.get(`${prefix}${address}`)?.[attribute]);
      // The text may be JSON: what is put in must not end a string of it.
      return value === '' ? reference : JSON.stringify(value).slice(1, -1);
    });
  }

  /** Whether a text still holds a reference that may become anything, and not the name of a resource only. */
  isOpen(text: string): boolean {
    return (text.match(REFERENCE) ?? []).some((reference) => !NAME.test(reference.slice(2, -1)));
  }
}
