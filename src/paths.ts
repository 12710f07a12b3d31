import type { StoredFile } from './domain/file/file.ts'
import { isId } from './domain/id.ts'
import type { ModelRef } from './domain/model-ref.ts'
import type { SharedThing } from './domain/people/share.ts'

/** Every URL that Sandpit links to. `base` is the path under which it is served: empty, or `/sandpit`. */
export function createPaths(base: string) {
  const path = (...segments: string[]) =>
    `${base}/${segments.map((segment) => encodeURIComponent(segment)).join('/')}`
  const shared = ({ kind, id }: SharedThing, ...segments: string[]) =>
    path(kind === 'group' ? 'g' : 'p', id, ...segments)
  return {
    base,
    home: () => path(''),
    model: ({ owner, name }: ModelRef) => path(owner, name),
    /** The form of a model with the inputs of a prediction, beside its result. */
    workspace: ({ owner, name }: ModelRef, prediction: string) =>
      `${path(owner, name)}?prediction=${prediction}`,
    /** The text about a model for assistants. */
    modelText: ({ owner, name }: ModelRef) => path(owner, name, 'llms.txt'),
    modelCover: ({ owner, name }: ModelRef) => path(owner, name, 'cover'),
    modelExamples: ({ owner, name }: ModelRef) => path(owner, name, 'examples'),
    modelReadme: ({ owner, name }: ModelRef) => path(owner, name, 'readme'),
    modelApi: ({ owner, name }: ModelRef) => path(owner, name, 'api'),
    /** The form that runs a model for each row of a file. */
    modelSweep: ({ owner, name }: ModelRef) => path(owner, name, 'sweep'),
    modelSweepCount: ({ owner, name }: ModelRef) => path(owner, name, 'sweep', 'count'),
    modelBatch: ({ owner, name }: ModelRef) => path(owner, name, 'batch'),
    modelBatchTemplate: ({ owner, name }: ModelRef) => path(owner, name, 'batch', 'template.csv'),
    modelEdit: ({ owner, name }: ModelRef) => path(owner, name, 'edit'),
    modelVersions: ({ owner, name }: ModelRef) => path(owner, name, 'versions'),
    modelVersionComparison: ({ owner, name }: ModelRef, a: string, b: string) =>
      `${path(owner, name, 'versions', 'compare')}?${new URLSearchParams({ a, b })}`,
    modelVersion: ({ owner, name }: ModelRef, id: string) => path(owner, name, 'versions', id),
    collection: (slug: string) => path('collections', slug),
    apiReference: () => path('docs', 'api'),
    apiDocument: () => path('v1', 'openapi.json'),
    modelFile: ({ owner, name }: ModelRef, file: string) => path(owner, name, 'assets', file),
    models: () => path('models'),
    /** The search for models at the service of a provider. */
    searchElsewhere: (q: string) => `${path('search')}?${new URLSearchParams({ q })}`,
    newModel: () => path('models', 'new'),
    webhookTest: () => path('settings', 'webhook-test'),
    settings: () => path('settings'),
    upstreams: () => path('settings', 'upstreams'),
    upstreamKeyRemoval: () => path('settings', 'upstreams', 'removal'),
    modelSettings: () => path('settings', 'models'),
    modelRemoval: () => path('settings', 'models', 'removal'),
    modelMonitor: ({ owner, name }: ModelRef) => path('settings', 'models', owner, name),
    /** The part of that page with the instances of the model. */
    modelInstances: ({ owner, name }: ModelRef) =>
      path('settings', 'models', owner, name, 'instances'),
    modelSetUpLog: ({ owner, name }: ModelRef) =>
      path('settings', 'models', owner, name, 'set-up.txt'),
    /** Makes a version the one that runs by default. */
    versionDefault: ({ owner, name }: ModelRef, id: string) =>
      path('settings', 'models', owner, name, 'versions', id, 'default'),
    versionRemoval: ({ owner, name }: ModelRef, id: string) =>
      path('settings', 'models', owner, name, 'versions', id, 'removal'),
    collectionSettings: () => path('settings', 'collections'),
    collectionSetting: (slug: string) => path('settings', 'collections', slug),
    collectionDeletion: (slug: string) => path('settings', 'collections', slug, 'deletion'),
    deployments: () => path('deployments'),
    /** The part of the page that says what they do now. */
    deploymentList: () => path('deployments', 'list'),
    /** The row of the form that has the versions of a model. */
    deploymentVersions: () => path('deployments', 'versions'),
    deployment: ({ owner, name }: ModelRef) => path('deployments', owner, name),
    deploymentDeletion: ({ owner, name }: ModelRef) => path('deployments', owner, name, 'deletion'),
    api: () => path('v1'),
    compare: () => path('compare'),
    /** The form of a comparison with one model, and the inputs of a prediction of it. */
    comparedWith: ({ owner, name }: ModelRef, prediction: string) =>
      `${path('compare')}?models=${owner}/${name}&from=${prediction}`,
    /** The form of a comparison with the inputs of a group, and its runs below. */
    comparedGroup: (id: string) => `${path('compare')}?group=${id}`,
    /** Runs that were asked for together. */
    group: (id: string) => path('g', id),
    /** The group as JSON. */
    groupJson: (id: string) => path('g', `${id}.json`),
    groupCsv: (id: string) => path('g', id, 'export.csv'),
    groupJsonl: (id: string) => path('g', id, 'export.jsonl'),
    groupFiles: (id: string) => path('g', id, 'files.zip'),
    groupPanel: (id: string) => path('g', id, 'panel'),
    groupCancellation: (id: string) => path('g', id, 'cancellation'),
    groupRuns: (id: string) => path('g', id, 'runs'),
    groupResumption: (id: string) => path('g', id, 'resumption'),
    groupTitle: (id: string) => path('g', id, 'title'),
    groupDeletion: (id: string) => path('g', id, 'deletion'),
    predictions: () => path('predictions'),
    comparison: () => path('predictions', 'compare'),
    selectedFiles: () => path('predictions', 'files.zip'),
    selectedDeletion: () => path('predictions', 'deletion'),
    favourites: () => path('predictions', 'favourites'),
    predictionsJsonl: () => path('predictions', 'export.jsonl'),
    predictionsCsv: () => path('predictions', 'export.csv'),
    prediction: (id: string) => path('p', id),
    panel: (id: string) => path('p', id, 'panel'),
    lastRuns: (id: string) => path('p', id, 'last-runs'),
    nextTurn: (id: string) => path('p', id, 'next-turn'),
    logs: (id: string) => path('p', id, 'logs.txt'),
    predictionJson: (id: string) => path('p', id, 'prediction.json'),
    outputText: (id: string) => path('p', id, 'output.txt'),
    outputJson: (id: string) => path('p', id, 'output.json'),
    outputTable: (id: string) => path('p', id, 'output.csv'),
    outputFiles: (id: string) => path('p', id, 'files.zip'),
    picture: (id: string, key: string) => path('p', id, 'pictures', key),
    fileSource: (id: string, ref: string) => path('p', id, 'sources', ref),
    inlineFile: (id: string, inline: number, name: string) =>
      path('p', id, 'inline', String(inline), name),
    givenFile: (id: string, inline: number, name: string) =>
      path('p', id, 'given', String(inline), name),
    /** What differs between two predictions. */
    difference: (before: string, after: string) => path('p', before, 'diff', after),
    /** The same, from the run before. */
    differenceFromBefore: (id: string) => path('p', id, 'diff'),
    pictureDifference: (before: string, after: string, at: number) =>
      path('p', before, 'diff', after, 'pictures', String(at)),
    /** The prediction as canonical JSON. */
    record: (id: string) => path('p', `${id}.json`),
    recordPage: (id: string) => path('p', id, 'record'),
    judgement: (id: string) => path('p', id, 'judgement'),
    /** Which of two runs of a group is better. */
    groupJudgement: (id: string) => path('g', id, 'judgement'),
    judgements: () => path('settings', 'judgements'),
    judgementsOf: ({ owner, name }: ModelRef) =>
      `${path('settings', 'judgements')}?model=${owner}/${name}`,
    judgementsCsv: () => path('settings', 'judgements.csv'),
    judgementsJsonl: () => path('settings', 'judgements.jsonl'),
    cancellation: (id: string) => path('p', id, 'cancellation'),
    deletion: (id: string) => path('p', id, 'deletion'),
    favourite: (id: string) => path('p', id, 'favourite'),
    visibility: (id: string) => path('p', id, 'visibility'),
    cover: (id: string) => path('p', id, 'cover'),
    example: (id: string) => path('p', id, 'example'),
    /** The page of a prediction or a group. */
    shared: (thing: SharedThing) => shared(thing),
    shares: (thing: SharedThing) => shared(thing, 'shares'),
    sharesRevocation: (thing: SharedThing) => shared(thing, 'shares', 'revocation'),
    shareRevocation: (thing: SharedThing, share: string) =>
      shared(thing, 'shares', share, 'revocation'),
    accountDeletion: () => path('account', 'deletion'),
    accountExport: () => path('account', 'export'),
    matchingDeletion: () => path('predictions', 'deletion', 'matching'),
    storage: () => path('settings', 'storage'),
    accountShares: () => path('account', 'shares'),
    shareSettings: () => path('settings', 'shares'),
    share: (token: string) => path('s', token),
    /** The form of the model with the inputs of a shared prediction. */
    shareForm: (token: string) => path('s', token, 'form'),
    /** The page for frames by an embed link, or of a shared prediction. */
    embed: (token: string) => path('embed', 's', token),
    /** The same of a model without a link, where nobody signs in. */
    embeddedModel: ({ owner, name }: ModelRef) => path('embed', owner, name),
    /** A prediction that everyone may see, for frames, where nobody signs in. */
    embeddedResult: (id: string) => path('embed', 'p', id),
    /** What a page of ours is to programs that embed it: `url` is absolute. */
    oEmbed: (url: string) => `${path('oembed')}?${new URLSearchParams({ url })}`,
    embedScript: () => path('embed.js'),
    embedStyle: () => path('embed.css'),
    embedAccent: (colour: string) =>
      `${path('embed', 'accent.css')}?${new URLSearchParams({ colour })}`,
    /** Where embed links to a model are made. */
    modelEmbed: ({ owner, name }: ModelRef) => path(owner, name, 'embed'),
    embedRevocation: ({ owner, name }: ModelRef, id: string) =>
      path(owner, name, 'embed', id, 'revocation'),
    shareThumbnail: (token: string) => path('s', token, 'thumbnail.jpg'),
    file: ({ ref, name }: Pick<StoredFile, 'ref' | 'name'>) => path('files', ref, name),
    asset: (name: string) => path('assets', ...name.split('/')),
    hook: (provider: string, token: string) => path('hooks', provider, token),
    hookFile: (token: string, content: string, name: string) =>
      path('hooks', 'files', token, content, name),
    theme: () => path('theme'),
    people: () => path('settings', 'people'),
    person: (handle: string) => path('settings', 'people', handle),
    audit: () => path('settings', 'audit'),
    auditCsv: () => path('settings', 'audit.csv'),
    account: () => path('account'),
    accountSessions: () => path('account', 'sessions'),
    accountTokens: () => path('account', 'tokens'),
    tokenRevocation: (id: string) => path('account', 'tokens', id, 'revocation'),
    tokenDeletion: (id: string) => path('account', 'tokens', id, 'deletion'),
    /** Starts a sign-in; `to` is the path and query to come back to. */
    signIn: (to?: string) =>
      to === undefined ? path('sign-in') : `${path('sign-in')}?${new URLSearchParams({ to })}`,
    signInCallback: () => path('sign-in', 'callback'),
    signOut: () => path('sign-out'),
    signedOut: () => path('signed-out'),
    apiPrediction: (id: string) => path('v1', 'predictions', id),
    apiCancellation: (id: string) => path('v1', 'predictions', id, 'cancel'),
    apiFile: (ref: string) => path('v1', 'files', ref),
    /** A file without sign-in: `proof` shows that this server made the URL. */
    apiContent: (ref: string, proof: string, name: string) =>
      path('v1', 'files', ref, 'content', proof, name),
    /** The event stream of a prediction. Replicate's client reads streams under `/v1/files/` as files. */
    apiStream: (token: string, ofFiles: boolean) =>
      ofFiles ? path('v1', 'files', token, 'stream') : path('v1', 'streams', token),
  }
}

export type Paths = ReturnType<typeof createPaths>

/** The paths of a shared prediction, all of them below its share link. */
export function sharedPaths(paths: Paths, token: string): Paths {
  const share = paths.share(token)
  const of: PathOf = (_id, ...segments) => [share, ...segments.map(encodeURIComponent)].join('/')
  return {
    ...paths,
    ...outputPaths(of),
    prediction: () => share,
    judgement: (id) => of(id, 'judgement'),
    file: fileBelow(share),
  }
}

/** The same of a shared group of runs, and of its predictions. */
export function sharedGroupPaths(paths: Paths, token: string): Paths {
  const share = paths.share(token)
  const of: PathOf = (id, ...segments) =>
    [`${share}/p/${id}`, ...segments.map(encodeURIComponent)].join('/')
  return {
    ...paths,
    ...outputPaths(of),
    group: () => share,
    groupJson: () => share,
    groupPanel: () => `${share}/panel`,
    groupJudgement: () => `${share}/judgement`,
    prediction: (id) => of(id),
    judgement: (id) => of(id, 'judgement'),
    file: fileBelow(share),
  }
}

type PathOf = (id: string, ...segments: string[]) => string

/** What is below the address of a prediction. */
function outputPaths(of: PathOf) {
  return {
    panel: (id) => of(id, 'panel'),
    logs: (id) => of(id, 'logs.txt'),
    predictionJson: (id) => of(id, 'prediction.json'),
    outputText: (id) => of(id, 'output.txt'),
    outputJson: (id) => of(id, 'output.json'),
    outputTable: (id) => of(id, 'output.csv'),
    outputFiles: (id) => of(id, 'files.zip'),
    picture: (id, key) => of(id, 'pictures', key),
    fileSource: (id, ref) => of(id, 'sources', ref),
    inlineFile: (id, inline, name) => of(id, 'inline', String(inline), name),
    givenFile: (id, inline, name) => of(id, 'given', String(inline), name),
  } satisfies Partial<Paths>
}

function fileBelow(root: string): Paths['file'] {
  return ({ ref, name }) => `${root}/files/${ref}/${encodeURIComponent(name)}`
}

/**
 * The paths of a model inside other pages, with scheme and host. `form`: the path of its form. `root`: the path
 * that those of its predictions and files are below.
 */
export function embedPaths(
  paths: Paths,
  { origin, form, root }: { readonly origin: string; readonly form: string; readonly root: string },
): Paths {
  const of: PathOf = (id, ...segments) =>
    [`${origin}${root}/p/${id}`, ...segments.map(encodeURIComponent)].join('/')
  const file = fileBelow(origin + root)
  return {
    ...createPaths(origin + paths.base),
    predictions: () => `${origin}${form}/predictions`,
    prediction: (id) => `${origin}${form}?prediction=${id}`,
    ...outputPaths(of),
    cancellation: (id) => of(id, 'cancellation'),
    // The file itself: a page of ours is not for frames.
    picture: (id, key) =>
      isId(key) ? file({ ref: key, name: 'picture' }) : of(id, 'inline', key, 'picture'),
    file,
  }
}

/** The paths of the output that a model brings for its example: all of it is among the model’s own files. */
export function examplePaths(paths: Paths, ref: ModelRef, files: readonly StoredFile[]): Paths {
  const own = (name: string) => paths.modelFile(ref, name)
  const named = (key: string) => own(files.find((file) => file.ref === key)?.name ?? '')
  const whole = () => own('example-output.json')
  return {
    ...paths,
    file: ({ name }) => own(name),
    picture: (_id, key) => named(key),
    fileSource: (_id, ref) => named(ref),
    predictionJson: whole,
    outputText: whole,
    outputJson: whole,
    outputTable: whole,
    outputFiles: whole,
  }
}
