import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import type { FunctionCode } from './function-code';

/**
 * A zip that the build has made. It is copied into the stack's folder and named by its content, so that plan and
 * apply may run on different machines and Terraform needs no archive provider.
 */
export class PrebuiltCode extends Construct implements FunctionCode {
  readonly filename: string;
  readonly sourceCodeHash: string;

  /** @param zip the file; a relative path starts at the project's folder */
  constructor(scope: Construct, id: string, zip: string) {
    super(scope, id);
    const asset = new TerraformAsset(this, 'zip', { path: zip, type: AssetType.FILE });
    this.filename = `\${path.module}/${asset.path}`;
    this.sourceCodeHash = createHash('sha256').update(readFileSync(zip)).digest('base64');
  }
}
