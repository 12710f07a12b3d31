/**
 * The `zod` of models, in the build: the one that `sandpit/model` has.
 * @module
 */
export * from 'zod'
export { default } from 'zod'
