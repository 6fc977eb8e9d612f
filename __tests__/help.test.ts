import { readFileSync } from 'node:fs';

const help = readFileSync('help', 'utf8');
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** npm runs these without `run`. */
const SHORT = new Set(['start', 'stop', 'test']);
const command = (script: string): string => (SHORT.has(script) ? `npm ${script}` : `npm run ${script}`);

describe('help', () => {
  it.each(Object.keys(scripts))('tells what the script %s is for', (script) => {
    expect(help.split('\n')).toContainEqual(
      expect.stringMatching(new RegExp(`^ {4}${command(script)} {2,}\\S`, 'u')),
    );
  });

  it('names no script that there is not', () => {
    const named = [...help.matchAll(/^ {4}npm (?:run )?(\S+)/gmu)].map(([, script]) => script);

    expect(named.filter((script) => !Object.hasOwn(scripts, script ?? ''))).toEqual([]);
  });
});
