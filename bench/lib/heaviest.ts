import { numeral } from './result';

const HEAVIEST = 5;

/** The packages that take most of a bundle, `handlers` being the project's own code. */
export function heaviest(inputs: Readonly<Record<string, number>>, count = HEAVIEST): string[] {
  const bytes = new Map<string, number>();
  for (const [input, size] of Object.entries(inputs)) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/u.exec(input)?.[1] ?? input.split('/')[0] ?? input;
    bytes.set(name, (bytes.get(name) ?? 0) + size);
  }
  return [...bytes]
    .sort(([, one], [, other]) => other - one)
    .slice(0, count)
    .map(([name, size]) => `${name} ${numeral(size / 1000)} KB`);
}
