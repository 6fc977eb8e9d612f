import { Progress } from '../../../tools/lib/progress';

/** An output that collects, and steps that a test lets last as long as it says. */
function collect(output: { isTTY?: boolean; columns?: number } = {}) {
  let text = '';
  const progress = new Progress({ ...output, write: (more) => (text += more) }, Date.now);
  return { progress, text: () => text };
}

describe('Progress', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('says in a log what it does, that it still does, and what came of it', async () => {
    const { progress, text } = collect();

    const step = progress.step(
      'Deploying',
      async (note) => {
        note('aws_sqs_queue: creating');
        await new Promise((resolve) => setTimeout(resolve, 12_000));
        return 14;
      },
      (count) => `Deployed ${count}`,
    );
    await jest.advanceTimersByTimeAsync(12_000);
    await step;

    expect(text()).toBe('- Deploying\n  Deploying … 10 s  aws_sqs_queue: creating\n✓ Deployed 14 (12 s)\n');
  });

  it('says something while a step runs: on a line of its own, on a terminal too', async () => {
    const { progress, text } = collect({ isTTY: true });

    await progress.step('Looking', () => {
      progress.say('found it');
      return Promise.resolve();
    });
    progress.say('after it');

    expect(text()).toContain('Looking … 0 ms\r\u001b[2K  found it\n');
    expect(text()).toMatch(/\n {2}after it\n$/u);
  });

  it('marks a step that ended without an error and not well, and nothing as both', async () => {
    const { progress, text } = collect();

    await progress.step(
      'Watching',
      () => Promise.resolve(['errors']),
      (loud) => ({ failed: `In alarm: ${loud.join()}` }),
    );

    expect(text()).toBe('- Watching\n✗ In alarm: errors (0 ms)\n');
  });

  it('marks a failed step and passes the error on', async () => {
    const { progress, text } = collect();

    const step = progress.step('Deploying', () => Promise.reject(new Error('no')));

    await expect(step).rejects.toThrow('no');
    expect(text()).toBe('- Deploying\n✗ Deploying (0 ms)\n');
  });

  it('draws one line over and over on a terminal, within its width', async () => {
    const { progress, text } = collect({ isTTY: true, columns: 20 });

    const step = progress.step(
      'Deploying with Terraform',
      () => new Promise((resolve) => setTimeout(resolve, 1000)),
    );
    await jest.advanceTimersByTimeAsync(1000);
    await step;

    const drawn = text().split('\r\u001b[2K').slice(1, -1);
    expect(drawn.length).toBeGreaterThan(5);
    expect(Math.max(...drawn.map((line) => line.length))).toBeLessThan(20);
  });
});
