/**
 * The programs of the build: for each, the modules that something starts with or imports by its path,
 * in `src` without their extension. Entries of one program share their modules, others do not, so that
 * each program loads few files.
 */
export const programs: readonly (readonly string[])[] = [
  ['main'],
  ['backup'],
  ['import'],
  ['providers/local/copy/copy', 'providers/local/copy/zod', 'model'],
  ['providers/response-worker'],
  ['providers/upstream/document-worker'],
  ['providers/openai/run/pictures/draw-picture'],
  ['store/check-database'],
  ['store/writer-thread/program'],
  ['files/drawings/draw-thumbnail'],
  ['files/drawings/draw-difference'],
]
