/**
 * The public entry point for models: `import { defineModel, file, z } from 'sandpit/model'`.
 * @module
 */
export { z } from 'zod'
export {
  defineModel,
  file,
  type ModelDefinition,
  type ModelFile,
  type RunContext,
  secret,
} from './providers/local/copy/define-model.ts'
