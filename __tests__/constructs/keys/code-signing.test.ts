import { LambdaCodeSigningConfig } from '@cdktf/provider-aws/lib/lambda-code-signing-config';
import { Testing } from 'cdktf';
import { CodeSigning, type CodeSigningProps } from '../../../constructs/keys/code-signing';

const PROFILE = 'arn:aws:signer:eu-west-1:123456789012:/signing-profiles/ours/abcdefghij';

const synth = (props: Partial<CodeSigningProps> = {}): string =>
  Testing.synthScope((scope) => {
    new CodeSigning(scope, 'signing', {
      signingProfileVersionArns: [PROFILE],
      untrustedArtifactOnDeployment: 'Enforce',
      ...props,
    });
  });

describe('CodeSigning', () => {
  it.each(['Warn', 'Enforce'] as const)('trusts the profiles it is given, and does %s', (policy) => {
    expect(synth({ untrustedArtifactOnDeployment: policy })).toHaveResourceWithProperties(
      LambdaCodeSigningConfig,
      {
        allowed_publishers: { signing_profile_version_arns: [PROFILE] },
        policies: { untrusted_artifact_on_deployment: policy },
      },
    );
  });

  it.each([0, 21])('refuses %p profiles', (count) => {
    expect(() => synth({ signingProfileVersionArns: Array<string>(count).fill(PROFILE) })).toThrow(
      `CodeSigning.signingProfileVersionArns: got ${count}; expected 1 to 20 ARNs`,
    );
  });
});
