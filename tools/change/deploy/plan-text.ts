/** Actions for which Terraform's plan text lists every attribute, although there is nothing to compare. */
const WHOLE = /^ {2}# (.+) will be (created|destroyed|read during apply)$/u;
const SIGNS: Readonly<Record<string, string>> = { created: '+', destroyed: '-', 'read during apply': '<' };

/** Where the block of a resource ends. */
const END = '    }';

/**
 * Terraform's plan text for a log: one line for each resource that is created, destroyed or read. Changed and replaced
 * resources, and everything else, are printed in full.
 * @param text as `terraform show -no-color` prints it
 */
export function condensePlan(text: string): string {
  const kept: string[] = [];
  let inWhole = false;
  for (const line of text.split('\n')) {
    const [, address, action = ''] = WHOLE.exec(line) ?? [];
    if (inWhole) {
      inWhole = line !== END;
    } else if (address === undefined) {
      kept.push(line);
    } else {
      inWhole = true;
      if (kept.at(-1) === '' && isOneLine(kept.at(-2))) kept.pop();
      kept.push(`  ${SIGNS[action] ?? ''} ${address}`);
    }
  }
  return kept.join('\n').trim();
}

const isOneLine = (line = ''): boolean => /^ {2}[-+<] /u.test(line);
