import type { Stretch } from './timeline';

const BLOCKS = ' ▁▂▃▄▅▆▇█';

/** Reduces values to `width` columns; each column has its highest value. */
export function columns(values: readonly number[], width: number): number[] {
  const count = Math.min(width, values.length);
  return Array.from({ length: count }, (_, column) => {
    const from = Math.floor((column * values.length) / count);
    const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / count));
    return Math.max(...values.slice(from, to));
  });
}

/** A bar chart of text. Non-zero values draw at least one block. */
export function chart(values: readonly number[], width: number, height: number): string[] {
  const bars = columns(values, width);
  const top = Math.max(...bars, 1);
  return Array.from({ length: height }, (_, row) => {
    const floor = height - 1 - row;
    return bars
      .map((value) => {
        const eighths = value === 0 ? 0 : Math.max(1, Math.round((value / top) * height * 8));
        return BLOCKS[Math.max(0, Math.min(8, eighths - floor * 8))] ?? ' ';
      })
      .join('')
      .trimEnd();
  });
}

const SVG = { width: 800, height: 300, left: 70, bottom: 40, top: 40, right: 70 };

/** The queue and the executions over time, as an SVG without external references. */
export function svg(title: string, timeline: readonly Stretch[]): string {
  const { width, height, left, bottom, top, right } = SVG;
  const last = timeline.at(-1)?.fromSeconds ?? 0;
  const line = (pick: (stretch: Stretch) => number, most: number): string =>
    timeline
      .map((stretch) => {
        const x = left + (stretch.fromSeconds / Math.max(1, last)) * (width - left - right);
        const y = height - bottom - (pick(stretch) / Math.max(1, most)) * (height - bottom - top);
        return `${x.toFixed(1)},${y.toFixed(1)}`;
      })
      .join(' ');
  const queued = Math.max(...timeline.map((stretch) => stretch.queued));
  const running = Math.max(...timeline.map((stretch) => stretch.running));
  const label = (x: number, y: number, anchor: string, colour: string, said: string) =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${colour}">${escape(said)}</text>`;
  const base = height - bottom;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
${label(left, 20, 'start', '#222', title)}
<path d="M${left},${top} V${base} H${width - right} V${top}" fill="none" stroke="#999"/>
<polyline points="${line((stretch) => stretch.queued, queued)}" fill="none" stroke="#b3261e" stroke-width="1.5"/>
<polyline points="${line((stretch) => stretch.running, running)}" fill="none" stroke="#1f5fa8" stroke-width="1.5"/>
${label(left - 6, top + 4, 'end', '#b3261e', queued.toLocaleString('en'))}
${label(left - 6, base, 'end', '#b3261e', '0')}
${label(width - right + 6, top + 4, 'start', '#1f5fa8', running.toLocaleString('en'))}
${label(left, height - 12, 'start', '#222', '0 s')}
${label(width - right, height - 12, 'end', '#222', `${Math.round(last).toLocaleString('en')} s`)}
${label(width / 2, height - 12, 'middle', '#b3261e', 'events in the queue (left)')}
${label(width / 2, top - 8, 'middle', '#1f5fa8', 'executions (right)')}
</svg>
`;
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
