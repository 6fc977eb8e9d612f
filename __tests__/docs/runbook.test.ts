import { readFileSync } from 'node:fs';
import { QUERIES } from '../../constructs/health/saved-queries';
import type { SettingsInput } from '../../config/settings';
import { EVERY_JOB_SOURCE, MINIMAL, parse, synthPipeline } from '../support/synth';

const runbook = readFileSync('docs/runbook.md', 'utf8');
const sections = [...runbook.matchAll(/^## (.*)$/gmu)].map(([, title = '']) => title);

/** Sections that are about no alarm. */
const OTHERS = ['Questions without an alarm'];

/** Between them they have every alarm. */
const VARIANTS: readonly SettingsInput[] = [
  MINIMAL,
  { ...MINIMAL, trigger: 'queue', jobs: EVERY_JOB_SOURCE },
  {
    ...MINIMAL,
    trigger: 'eventbridge',
    jobs: { queue: { enabled: true, fifo: true } },
    onProcessed: { topic: true },
  },
  { ...MINIMAL, trigger: 'topic' },
];

const alarms = VARIANTS.flatMap((settings) =>
  Object.values(parse(synthPipeline(settings)).resource.aws_cloudwatch_metric_alarm ?? {}),
);
const named = alarms.map(({ alarm_description }) => /#(.*)$/u.exec(alarm_description as string)?.[1] ?? '');

describe('the runbook', () => {
  it('has a section for every alarm, and an alarm for every section', () => {
    expect(alarms.length).toBeGreaterThan(0);
    expect([...new Set(named)].sort()).toEqual(sections.filter((title) => !OTHERS.includes(title)).sort());
  });

  it('is where the alarms say', () => {
    for (const { alarm_description } of alarms) expect(alarm_description).toContain(' docs/runbook.md#');
  });

  it.each(sections.filter((title) => !OTHERS.includes(title)))(
    'says of %s what it means, what to look at, what to do, and how to see that it is over',
    (title) => {
      const text = runbook.split(/^## /mu).find((section) => section.startsWith(`${title}\n`)) ?? '';
      for (const part of ['Means', 'Look', 'do', 'over']) {
        expect(text).toMatch(new RegExp(`\\*\\*[^*]*${part}[^*]*\\*\\*`, 'iu'));
      }
    },
  );

  it.each(Object.entries(QUERIES))('holds the saved query %s word for word', (_, query) => {
    expect(runbook).toContain(`\`\`\`\n${query}\n\`\`\``);
  });

  it('links to sections that there are', () => {
    const links = [...runbook.matchAll(/\]\(#([a-z0-9-]+)\)/gu)].map(([, anchor]) => anchor);

    expect(sections).toEqual(expect.arrayContaining(links));
  });
});
