import { MINIMAL, parse, synthPipeline } from '../support/synth';

const backend = (state: NonNullable<Parameters<typeof synthPipeline>[0]>['state']) =>
  parse(synthPipeline({ ...MINIMAL, state })).terraform.backend;

describe('the state backend', () => {
  it('is a file beside the project, named without a path of this machine', () => {
    expect(backend({ type: 'local', path: 'terraform.dev.tfstate' })).toEqual({
      local: { path: expect.stringMatching(/^(\.\.\/)+.*terraform\.dev\.tfstate$/u) as string },
    });
  });

  it('is an encrypted object in S3 with a lock file', () => {
    expect(
      backend({ type: 's3', bucket: 'our-state', key: 'pipeline.tfstate', region: 'eu-west-1' }),
    ).toEqual({
      s3: {
        bucket: 'our-state',
        key: 'pipeline.tfstate',
        region: 'eu-west-1',
        encrypt: true,
        use_lockfile: true,
      },
    });
  });
});
