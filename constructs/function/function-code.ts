import type { Construct } from 'constructs';
import { ArchivedCode } from './archived-code';
import { PrebuiltCode } from './prebuilt-code';

/** A function's zip, as `aws_lambda_function` takes it. */
export interface FunctionCode {
  /** Path of the zip, relative to the stack's folder. */
  readonly filename: string;
  /** Base64 of the zip's SHA-256: a new one is a new deployment. */
  readonly sourceCodeHash: string;
}

/** What the zip is made of, and by whom. */
export type FunctionCodeSource =
  /** By Terraform, at plan time, of a folder that holds the bundle and nothing else. */
  | { readonly packaging: 'archive'; readonly directory: string }
  /** By the build: a zip whose bytes depend on the sources alone. */
  | { readonly packaging: 'prebuilt'; readonly zip: string };

/** The construct for a packaging. Which to choose: docs/adr/0004-prebuilt-beside-archive.md. */
export function functionCode(scope: Construct, id: string, source: FunctionCodeSource): FunctionCode {
  return source.packaging === 'archive'
    ? new ArchivedCode(scope, id, source.directory)
    : new PrebuiltCode(scope, id, source.zip);
}
