import { redraw } from '../../../../tools/change/diagram/page';

const BEGIN = '<!-- Between these two lines `npm run diagram` draws what the synthesized stack wires. -->';
const END = '<!-- End of what `npm run diagram` draws. -->';

describe('a page with pictures', () => {
  it('has them between the markers, and the rest as it was', () => {
    const page = `# Title\n\n${BEGIN}\n\nold\n\n${END}\n\nrest\n`;

    expect(redraw(page, 'page.md', [{ names: ['local', 'dev', 'prod'], mermaid: 'flowchart LR' }])).toBe(
      `# Title\n\n${BEGIN}\n\n\`local\`, \`dev\` and \`prod\`:\n\n\`\`\`mermaid\nflowchart LR\n\`\`\`\n\n${END}\n\nrest\n`,
    );
  });

  it('stays as it is when it is drawn again', () => {
    const pictures = ['direct', 'queue'].map((name) => ({ names: [name], mermaid: 'flowchart LR' }));
    const once = redraw(`${BEGIN}\n${END}\n`, 'page.md', pictures);

    expect(redraw(once, 'page.md', pictures)).toBe(once);
  });

  it.each(['', BEGIN, END, `${END}\n${BEGIN}`])('is refused where the markers are %j', (page) => {
    expect(() => redraw(page, 'page.md', [])).toThrow(/^page\.md: the place for the pictures is missing/u);
  });
});
