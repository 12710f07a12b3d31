import { z } from 'zod'

/** A TypeScript model: what it takes, what it makes, and the function between. */
export interface ModelDefinition<Input extends z.ZodObject, Output extends z.ZodType> {
  /** `owner/name`, as in its URL. */
  readonly name: string
  /** One or two sentences under its name. */
  readonly description: string
  /** One member for each field of the form, in the order they are asked. `.describe()` becomes the field's note. */
  readonly input: Input
  /** The type of what `run` returns; for a generator, of each item that it yields. */
  readonly output: Output
  /** Called once in each copy before its first run: the place to load what every run needs. */
  readonly setup?: () => unknown
  /**
   * Makes the output. A generator's items appear on the page as they are yielded; text items are
   * joined into one text. A thrown error fails the prediction with the error's message.
   */
  readonly run: (
    input: z.output<Input>,
    context: RunContext,
  ) =>
    | z.input<Output>
    | Promise<z.input<Output>>
    | AsyncGenerator<z.input<Output>, void, void>
    | Generator<z.input<Output>, void, void>
  /** How many runs at once, each in a process of its own. Default 1. */
  readonly copies?: number
  /** Longest run in seconds, `setup` included. Default: the server's `SANDPIT_RUN_TIMEOUT`. */
  readonly timeout?: number
  /** Most memory of one copy in MB. Default 1024. */
  readonly memory?: number
  /** Whether a run that the server's death cut short is run again. Default true. */
  readonly rerun?: boolean
  /** Names of environment variables that the model may read; it sees no others. */
  readonly env?: readonly string[]
}

/** The means of a run, besides its input. */
export interface RunContext {
  /** Says how far it is: `fraction` from 0 to 1, `eta` in seconds. */
  progress(progress: number | { fraction?: number; label?: string; eta?: number }): void
  /** Adds a line to the prediction's logs, as `console.log` does. */
  log(...parts: readonly unknown[]): void
  /**
   * The seed of this run: that of the input `seed`, if it has one, else one drawn from 0 to
   * 2,147,483,647. The first call logs it as `Using seed: 42`, and the page shows it.
   */
  seed(): number
  /** Aborts when the prediction is canceled or its time is up; two seconds later the process is killed. */
  readonly signal: AbortSignal
  /** A folder of this run's own, for files in the making. It is removed when the run is over. */
  readonly folder: string
  /**
   * Runs another model, `owner/name`, and resolves with its output: a list where it makes one item
   * after the other, a `ModelFile` for each file. It is a prediction of its own, which this one's
   * page leads to, and is canceled with it. `input` may hold files. Rejects with the other's error.
   */
  run(model: string, input: Readonly<Record<string, unknown>>): Promise<unknown>
  /** A file for the output, from bytes, or from a path that the model wrote: absolute, or in `folder`. */
  file(content: Uint8Array | string, options: { readonly name: string }): ModelFile
}

/** A file that came in, or that goes out. */
export interface ModelFile {
  /** Its name for people. */
  readonly name: string
  /** Sniffed media type; for a file that goes out, known only once it is kept. */
  readonly type?: string
  /** Its path on this machine. An input file is a copy, which the model may change. */
  readonly path: string
}

const modelFiles = new WeakSet<object>()

/** Marks an object as a file that a schema's `file()` accepts. */
export function asModelFile(file: ModelFile): ModelFile {
  modelFiles.add(file)
  return file
}

export function isModelFile(value: unknown): value is ModelFile {
  return typeof value === 'object' && value !== null && modelFiles.has(value)
}

/** A file, in an input or an output. `accept` as in HTML: `image/*`, `.csv`. */
export function file(options: { readonly accept?: string } = {}) {
  const accept = options.accept === undefined ? {} : { 'x-cog-accept': options.accept }
  return z
    .custom<ModelFile>(isModelFile, 'is not a file')
    .meta({ type: 'string', format: 'uri', ...accept })
}

/** A text that is never shown again once given. */
export function secret() {
  return z.string().meta({ format: 'password', 'x-cog-secret': true })
}

/** A model whose types are known only to its author. */
export type AnyModel = Omit<ModelDefinition<z.ZodObject, z.ZodType>, 'run'> & {
  readonly run: (input: never, context: RunContext) => unknown
}

const definitions = new WeakSet<object>()

/** Declares the model of a folder: export it from `model.ts`. */
export function defineModel<Input extends z.ZodObject, Output extends z.ZodType>(
  definition: ModelDefinition<Input, Output>,
): ModelDefinition<Input, Output> {
  definitions.add(definition)
  return definition
}

/** The model among what a `model.ts` exports. */
export function definitionIn(module: Readonly<Record<string, unknown>>): AnyModel | null {
  const found = Object.values(module).find(
    (exported) => typeof exported === 'object' && exported !== null && definitions.has(exported),
  )
  return (found as AnyModel | undefined) ?? null
}
