import { LambdaCodeSigningConfig } from '@cdktf/provider-aws/lib/lambda-code-signing-config';
import { Construct } from 'constructs';

export interface CodeSigningProps {
  /** Versions of AWS Signer profiles whose signatures are trusted: 1–20 ARNs. */
  readonly signingProfileVersionArns: readonly string[];
  /** What happens to a package that none of them has signed: it is deployed and counted, or refused. */
  readonly untrustedArtifactOnDeployment: 'Warn' | 'Enforce';
}

/**
 * Who must have signed a function's package. `Enforce` refuses every unsigned one: with it, the build's zip has to
 * be signed before it is deployed. https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html
 */
export class CodeSigning extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: CodeSigningProps) {
    super(scope, id);
    const { signingProfileVersionArns: arns, untrustedArtifactOnDeployment } = props;
    if (arns.length < 1 || arns.length > 20) {
      throw new Error(
        `CodeSigning.signingProfileVersionArns: got ${arns.length}; expected 1 to 20 ARNs of signing profile versions.`,
      );
    }
    this.arn = new LambdaCodeSigningConfig(this, 'config', {
      description: 'Who must have signed the code of the functions',
      allowedPublishers: { signingProfileVersionArns: [...arns] },
      policies: { untrustedArtifactOnDeployment },
    }).arn;
  }
}
