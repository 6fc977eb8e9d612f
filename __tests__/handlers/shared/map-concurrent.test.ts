import { mapConcurrent } from '../../../handlers/shared/map-concurrent';

const tick = () => new Promise((resolve) => setImmediate(resolve));

test('returns the results in the order of the items, whoever ends first', async () => {
  const results = await mapConcurrent([3, 1, 2], 3, async (ticks) => {
    for (let i = 0; i < ticks; i += 1) await tick();
    return ticks * 10;
  });
  expect(results).toEqual([30, 10, 20]);
});

test('runs no more than the limit at once, and does not wait for a whole batch', async () => {
  let running = 0;
  let most = 0;
  const items = Array.from({ length: 20 }, (_, i) => i);
  await mapConcurrent(items, 4, async () => {
    most = Math.max(most, (running += 1));
    await tick();
    running -= 1;
  });
  expect(most).toBe(4);
});

test('after an error begins nothing more, waits for what is under way, and throws the first error', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const run = mapConcurrent([1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item);
    await tick();
    if (item === 1) throw new Error('first');
    await tick();
    ended.push(item);
  });
  await expect(run).rejects.toThrow('first');
  expect(begun).toEqual([1, 2]);
  expect(ended).toEqual([2]);
});

test('has nothing to do for no items', async () => {
  await expect(mapConcurrent([], 4, () => Promise.reject(new Error('no')))).resolves.toEqual([]);
});
