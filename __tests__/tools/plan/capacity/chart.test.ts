import { chart, columns, svg } from '../../../../tools/plan/capacity/chart';
import { Timeline } from '../../../../tools/plan/capacity/timeline';

describe('the chart', () => {
  it('draws the highest value full, half of it half, and next to nothing as the lowest block', () => {
    expect(chart([8, 4, 0.001, 0], 4, 1)).toEqual(['█▄▁']);
    expect(chart([8, 4, 1], 3, 2)).toEqual(['█', '██▂']);
  });

  it('keeps the highest of what falls into one column', () => {
    expect(columns([1, 9, 2, 3], 2)).toEqual([9, 3]);
    expect(columns([1, 2], 10)).toEqual([1, 2]);
  });

  it('writes an SVG that holds the peak and nothing that could run', () => {
    const drawn = svg('<script>', [
      { fromSeconds: 0, queued: 10, running: 5 },
      { fromSeconds: 60, queued: 1_234, running: 5 },
    ]);

    expect(drawn).toContain('>1,234<');
    expect(drawn).toContain('&lt;script&gt;');
    expect(drawn).not.toContain('<script');
  });
});

describe('the timeline', () => {
  it('keeps the peaks however long it gets', () => {
    const timeline = new Timeline();
    for (let second = 0; second < 100_000; second += 10)
      timeline.record(second, second === 50_000 ? 99 : 1, 3);

    const stretches = timeline.stretches();

    expect(stretches.length).toBeLessThanOrEqual(256);
    const peak = stretches.find(({ queued }) => queued === 99);
    const width = stretches[1]?.fromSeconds ?? 0;
    expect(peak?.fromSeconds).toBeLessThanOrEqual(50_000);
    expect((peak?.fromSeconds ?? 0) + width).toBeGreaterThan(50_000);
  });
});
