import * as fc from 'fast-check';
import { EventHeap } from '../../../../tools/plan/capacity/heap';

describe('EventHeap', () => {
  it('gives what was put in, the earliest first, however much it is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 3_000 }),
        (times) => {
          const heap = new EventHeap();
          times.forEach((time, code) => {
            heap.push(time, code);
          });

          const popped = times.map(() => [heap.nextTime, times[heap.pop()]]);

          expect(popped.map(([at]) => at)).toEqual([...times].sort((one, other) => one - other));
          // The code that comes out is the one that went in with that time.
          for (const [at, pushedAt] of popped) expect(pushedAt).toBe(at);
          expect(heap).toMatchObject({ size: 0, nextTime: Infinity });
        },
      ),
      { numRuns: 50 },
    );
  });
});
