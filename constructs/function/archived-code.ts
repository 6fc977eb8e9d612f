import { DataArchiveFile } from '@cdktf/provider-archive/lib/data-archive-file';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import type { FunctionCode } from './function-code';

/**
 * A zip that Terraform's archive provider makes of a folder while it plans. To apply a saved plan on another
 * machine, the zip must travel along: it lies in the stack's folder.
 */
export class ArchivedCode extends Construct implements FunctionCode {
  readonly filename: string;
  readonly sourceCodeHash: string;

  /** @param directory the folder to zip; a relative path starts at the project's folder */
  constructor(scope: Construct, id: string, directory: string) {
    super(scope, id);
    const asset = new TerraformAsset(this, 'bundle', { path: directory, type: AssetType.DIRECTORY });
    const archive = new DataArchiveFile(this, 'archive', {
      type: 'zip',
      sourceDir: `\${path.module}/${asset.path}`,
      outputPath: `\${path.module}/${scope.node.id}.zip`,
      // One mode for every file, so that the umask of whoever plans does not change the hash.
      outputFileMode: '0644',
    });
    this.filename = archive.outputPath;
    this.sourceCodeHash = archive.outputBase64Sha256;
  }
}
