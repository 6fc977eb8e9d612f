import { heaviest } from '../../bench/lib/heaviest';

describe('what is heavy in a bundle', () => {
  it('is told by package, wherever node_modules lies, and by folder of the project’s own', () => {
    const inputs = {
      'node_modules/@scope/one/dist/a.js': 5_000,
      '../elsewhere/node_modules/@scope/one/dist/b.js': 2_000,
      'node_modules/two/index.js': 6_000,
      'node_modules/two/node_modules/three/index.js': 100,
      'handlers/process-upload/move.ts': 300,
      'handlers/shared/deadline.ts': 200,
    };

    expect(heaviest(inputs, 3)).toEqual(['@scope/one 7 KB', 'two 6 KB', 'handlers 0.5 KB']);
  });
});
