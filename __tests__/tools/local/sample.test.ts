import { parseSettings } from '../../../config/environments';
import type { SettingsInput } from '../../../config/settings';
import { sampleFile, uploadRuleOf } from '../../../tools/local/sample';

const NOW = new Date('2026-01-02T03:04:05Z');
const sampleOf = (input: Partial<SettingsInput>) =>
  sampleFile(uploadRuleOf(parseSettings({ namePrefix: 'test', ...input }, 'test')), NOW);

describe('the sample', () => {
  it('is a text where the settings ask for nothing', () => {
    const { name, body } = sampleOf({});

    expect(name).toBe('hello-2026-01-02T03-04-05.txt');
    expect(String(body)).toBe('Hello, pipeline!\n');
  });

  it('has the ending and the size that the rule asks for', () => {
    const rule = { suffix: '.csv', minimumSizeBytes: 1000, maximumSizeBytes: 2000 };

    const { name, body } = sampleOf({ trigger: 'eventbridge', uploadRule: rule });

    expect(name).toBe('hello-2026-01-02T03-04-05.csv');
    expect(body.byteLength).toBe(1000);
  });

  it('is no larger than the rule allows', () => {
    const { body } = sampleOf({ trigger: 'eventbridge', uploadRule: { maximumSizeBytes: 5 } });

    expect(String(body)).toBe('Hello');
  });
});
