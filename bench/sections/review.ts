import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { timed, type Timed } from '../lib/command';
import type { BenchContext, Section } from '../lib/section';

const SMALL = 500;
const LARGE = 5_000;

/** A plan that the real Terraform made, of the tests. */
const FIXTURE = path.join('__tests__', 'fixtures', 'plans', 'permissions.json');

export const reviewOfPlan: Section = {
  name: 'review',
  about: 'npm run review of a plan with 5,000 changed resources',
  run: async (context) => {
    const few = await reviewOf(SMALL, context);
    const many = await reviewOf(LARGE, context);
    const samples = (read: (run: Timed) => number) => ({
      [SMALL.toLocaleString('en')]: [read(few)],
      [LARGE.toLocaleString('en')]: [read(many)],
    });
    return {
      title: 'Review, by changed resources in the plan',
      measurements: [
        { what: 'whole command', unit: 's', samples: samples(({ wallMs }) => wallMs / 1_000) },
        { what: 'peak memory', unit: 'MB', samples: samples(({ peakMb = NaN }) => peakMb) },
      ],
      ratios: [
        {
          what: 'time, ten times the resources / once',
          value: many.wallMs / few.wallMs,
          target: { most: 12 },
        },
      ],
      notes: [],
    };
  },
};

interface Plan {
  readonly resource_changes: readonly unknown[];
  readonly configuration: { readonly root_module: { readonly resources: readonly unknown[] } };
}

async function reviewOf(resources: number, { root, folder, note }: BenchContext): Promise<Timed> {
  note(`${resources.toLocaleString('en')} resources`);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'plan.json');
  writeFileSync(file, JSON.stringify(enlarged(readFileSync(path.join(root, FIXTURE), 'utf8'), resources)));
  const args = ['--offline', '--allow-data-loss', '--allow-exposure'];
  const tool = path.join('tools', 'change', 'review.ts');
  return timed(process.execPath, ['--import', 'tsx', tool, file, ...args], { root });
}

/** The same plan with its changed resources many times, each time under other names. */
function enlarged(text: string, resources: number): Plan {
  const plan = JSON.parse(text) as Plan;
  const changes = [...plan.resource_changes];
  const configured = [...plan.configuration.root_module.resources];
  for (let copy = 1; changes.length < resources; copy += 1) {
    const names = text
      .replaceAll(/(?<=\baws_\w+\.)([\w-]+)/gu, `$1_${copy}`)
      .replaceAll('plans-', `plans-${copy}-`);
    const renamed = JSON.parse(names) as Plan;
    changes.push(...renamed.resource_changes);
    configured.push(...renamed.configuration.root_module.resources);
  }
  return { ...plan, resource_changes: changes, configuration: { root_module: { resources: configured } } };
}
