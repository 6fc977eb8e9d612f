import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DataArchiveFile } from '@cdktf/provider-archive/lib/data-archive-file';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';

/** A function's zip, as `aws_lambda_function` takes it. */
interface FunctionCode {
  /** Path of the zip, relative to the stack's folder. */
  readonly filename: string;
  /** Base64 of the zip's SHA-256: a new one is a new deployment. */
  readonly sourceCodeHash: string;
}

/** What the zip is made of, and by whom. A relative path starts at the project's folder. */
export type FunctionCodeSource =
  /** By Terraform, at plan time, of a folder that holds the bundle and nothing else. */
  | { readonly packaging: 'archive'; readonly directory: string }
  /** By the build: a zip whose bytes depend on the sources alone. */
  | { readonly packaging: 'prebuilt'; readonly zip: string };

/** A function's code, packed as `source` says. Which to choose: docs/adr/0004-prebuilt-beside-archive.md. */
export function functionCode(scope: Construct, id: string, source: FunctionCodeSource): FunctionCode {
  const code = new Construct(scope, id);
  return source.packaging === 'archive'
    ? archived(scope, code, source.directory)
    : prebuilt(code, source.zip);
}

/**
 * Terraform's archive provider zips the folder while it plans. To apply a saved plan on another machine, the zip must
 * travel along: it lies in the stack's folder.
 */
function archived(scope: Construct, code: Construct, directory: string): FunctionCode {
  const asset = new TerraformAsset(code, 'bundle', { path: directory, type: AssetType.DIRECTORY });
  const archive = new DataArchiveFile(code, 'archive', {
    type: 'zip',
    sourceDir: `\${path.module}/${asset.path}`,
    outputPath: `\${path.module}/${scope.node.id}.zip`,
    // One mode for every file, so that the umask of whoever plans does not change the hash.
    outputFileMode: '0644',
  });
  return { filename: archive.outputPath, sourceCodeHash: archive.outputBase64Sha256 };
}

/**
 * The zip is copied into the stack's folder and named by its content, so that plan and apply may run on different
 * machines and Terraform needs no archive provider.
 */
function prebuilt(code: Construct, zip: string): FunctionCode {
  const asset = new TerraformAsset(code, 'zip', { path: zip, type: AssetType.FILE });
  return {
    filename: `\${path.module}/${asset.path}`,
    sourceCodeHash: createHash('sha256').update(readFileSync(zip)).digest('base64'),
  };
}
