import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describeSettings } from '../../config/describe';

const page = readFileSync('docs/event-sources.md', 'utf8');
const code = [...page.matchAll(/`([^`\n]+)`/gu)].map(([, text = '']) => text);

describe('docs/event-sources.md', () => {
  it('names tests that there are', () => {
    const files = readdirSync('__tests__', { recursive: true, encoding: 'utf8' });
    const named = code.filter((text) => text.endsWith('.test.ts'));

    expect(named.length).toBeGreaterThan(5);
    for (const file of named) {
      expect([file, existsSync(file) || files.some((each) => each.endsWith(`/${file}`))]).toEqual([
        file,
        true,
      ]);
    }
  });

  it('names settings that there are, and every group of a trigger', () => {
    const settings = describeSettings().map(({ path }) => path);
    const named = code.filter((text) =>
      /^(trigger|processUpload|upload(Queue|Rule|Topic)|jobs\.\w+)\b/u.test(text),
    );
    const groups = settings.map((path) => path.split('.')[0]);

    expect(named.filter((name) => !settings.includes(name) && !groups.includes(name))).toEqual([]);
    expect(named).toEqual(expect.arrayContaining(['trigger', 'uploadQueue', 'uploadRule', 'uploadTopic']));
  });
});
