import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DataArchiveFile } from '@cdktf/provider-archive/lib/data-archive-file';
import type { LambdaFunctionConfig } from '@cdktf/provider-aws/lib/lambda-function';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';

/** A function's code, as `aws_lambda_function` takes it. */
type FunctionCode = Pick<
  LambdaFunctionConfig,
  'filename' | 'handler' | 'imageConfig' | 'imageUri' | 'packageType' | 'runtime' | 'sourceCodeHash'
>;

/** What the code is packed as, and by whom. A relative path starts at the project's folder. */
export type FunctionCodeSource =
  /** By Terraform, at plan time, of a folder that holds the bundle and nothing else. */
  | { readonly packaging: 'archive'; readonly directory: string }
  /** By the build: a zip whose bytes depend on the sources alone. */
  | { readonly packaging: 'prebuilt'; readonly zip: string }
  /** By somebody else: a container image in ECR, in the function's region. */
  | ({ readonly packaging: 'image' } & ContainerImage);

/** https://docs.aws.amazon.com/lambda/latest/dg/images-create.html */
export interface ContainerImage {
  /** With the image's digest, because Lambda does not follow a tag: `….amazonaws.com/REPOSITORY@sha256:…`. */
  readonly uri: string;
  /** Instead of the image's own. @default the image's */
  readonly entryPoint?: readonly string[];
  /** Instead of the image's own, such as `['index.handler']`. @default the image's */
  readonly command?: readonly string[];
}

/** A function's code, packed as `source` says. Which zip to choose: docs/adr/0004-prebuilt-beside-archive.md. */
export function functionCode(
  scope: Construct,
  id: string,
  { source, runtime }: { readonly source: FunctionCodeSource; readonly runtime: string },
): FunctionCode {
  if (source.packaging === 'image') return image(source);
  const code = new Construct(scope, id);
  const zip =
    source.packaging === 'archive'
      ? archived(scope, code, { directory: source.directory, executable: isCustomRuntime(runtime) })
      : prebuilt(code, source.zip);
  return { ...zip, handler: 'index.handler', runtime };
}

/** Whether the package must hold the runtime itself, an executable file `bootstrap`. */
export const isCustomRuntime = (runtime: string): boolean => runtime.startsWith('provided.');

const image = ({ uri, entryPoint, command }: ContainerImage): FunctionCode => ({
  packageType: 'Image',
  imageUri: uri,
  imageConfig:
    entryPoint === undefined && command === undefined
      ? undefined
      : { entryPoint: entryPoint && [...entryPoint], command: command && [...command] },
});

/**
 * Terraform's archive provider zips the folder while it plans. To apply a saved plan on another machine, the zip must
 * travel along: it lies in the stack's folder.
 */
function archived(
  scope: Construct,
  code: Construct,
  { directory, executable }: { readonly directory: string; readonly executable: boolean },
): FunctionCode {
  const asset = new TerraformAsset(code, 'bundle', { path: directory, type: AssetType.DIRECTORY });
  const archive = new DataArchiveFile(code, 'archive', {
    type: 'zip',
    sourceDir: `\${path.module}/${asset.path}`,
    outputPath: `\${path.module}/${scope.node.id}.zip`,
    // One mode for every file, so that the umask of whoever plans does not change the hash.
    outputFileMode: executable ? '0755' : '0644',
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
