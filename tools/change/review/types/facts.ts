import type { Rule, Shrinking } from '../rules';

/** What a type of resource can expose or lose. A type without a row is shown as one that the review does not know. */
export interface Facts {
  /** In AWS's words; continues with the resource's name. @default the type, in words */
  readonly noun?: string;
  /** The data that is lost with the resource. @default it holds none */
  readonly holds?: string;
  /** Settings that lose data, or a protection of it, where an existing resource changes to them. */
  readonly loses?: readonly Rule[];
  /** Settings whose smaller value deletes what is older. */
  readonly keeps?: readonly Shrinking[];
  /** Settings that open the resource to others, or take a protection away. */
  readonly exposes?: readonly Rule[];
  /** What is open as soon as such a resource exists. */
  readonly opens?: string;
  /** What is open, or lost, once it is gone while the thing that it protects stays. */
  readonly gone?: { readonly exposes?: string; readonly loses?: string };
  /** The attribute that names the thing it protects. @default bucket */
  readonly protects?: string;
  /** Attributes that tell what other resources set; read only where the resource itself is given them. */
  readonly mirrors?: readonly string[];
  /** Whose permissions its policies are, and the attribute with that one's name. @default its own */
  readonly subject?: readonly [noun: string, attribute: string];
  /** The permission that it is, where it is one without a policy: attributes, or words in `''`. */
  readonly grants?: Grant;
  /** Its policy filters what passes through; everyone in it is everyone in the VPC. */
  readonly isFilter?: true;
}

export interface Grant {
  /** An attribute; nobody but the subject where it has none. */
  readonly principal?: string;
  readonly action: string;
  readonly resource: string;
  /** Attributes that are conditions, by the condition's key. */
  readonly conditions?: Readonly<Record<string, string>>;
}

export type Types = Readonly<Record<string, Facts>>;

/** Rules that several types share. */
export const UNENCRYPTED = 'it is not encrypted';
export const NO_KEY_OF_YOURS = 'is not encrypted with your own key';
