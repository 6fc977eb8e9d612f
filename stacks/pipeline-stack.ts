import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { Settings } from '../config/settings';
import { UploadPipeline } from '../constructs/uploads/upload-pipeline';
import { addFunctionOutputs, addGithubRoles, addHealth } from './derived';
import { limitMessages } from './message-size';
import { requireComplete } from './requirements';
import { addShared } from './shared';
import { configureTerraform } from './terraform';
import { addCaller } from './units/caller';
import { addInvoked } from './units/invoked';
import { addProcessUpload, addTrigger } from './units/process-upload';
import { addSweep } from './units/sweep';
import { addUploads } from './uploads';

/**
 * Uploads that move themselves: bucket -> process-upload -> processed/, failures -> queue; a sweep that finds what no
 * event announced. Beside it a pair of functions that call each other.
 * Construct ids are part of the resources' addresses: changing one replaces the resource.
 */
export class PipelineStack extends TerraformStack {
  /** @param dist the build's output, relative to the project's folder */
  constructor(scope: Construct, id: string, settings: Settings, dist = 'dist') {
    super(scope, id);
    configureTerraform(this, settings);
    const shared = addShared(this, settings, dist);

    const uploads = addUploads(this, shared);
    const mover = addProcessUpload(this, shared, uploads);
    // `Default` is no part of the addresses: those below are older than the construct.
    new UploadPipeline(this, 'Default', {
      uploads,
      prefixes: settings.prefixes,
      formerPrefixes: settings.formerPrefixes,
      mover,
      sweep: settings.sweep.enabled ? addSweep(this, shared, uploads) : undefined,
      trigger: addTrigger(this, shared, uploads),
    });

    const invoked = addInvoked(this, shared);
    addCaller(this, shared, invoked);

    // Last: these find every function and every queue above by themselves.
    const health = addHealth(this, shared, mover);
    addGithubRoles(this, settings);
    addFunctionOutputs(this);
    limitMessages(this, settings);
    requireComplete(this, settings.namePrefix, health);
  }
}
