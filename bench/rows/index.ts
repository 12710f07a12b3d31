import type { Row } from '../row.ts'
import { settledPanel } from './01-settled-panel.ts'
import { playgroundPage } from './02-playground-page.ts'
import { firstView } from './03-first-view.ts'
import { slowNetwork } from './04-slow-network.ts'
import { clickToOutput } from './05-click-to-output.ts'
import { changeToDom } from './06-change-to-dom.ts'
import { thousandAtOnce } from './07-thousand-at-once.ts'
import { manyViewers } from './08-many-viewers.ts'
import { startToAnswer } from './09-start-to-answer.ts'
import { idleMemory } from './10-idle-memory.ts'
import { apiPredictions } from './11-api-predictions.ts'
import { apiGet } from './12-api-get.ts'
import { predictionPage } from './13-prediction-page.ts'
import { loopHolds } from './14-loop-holds.ts'
import { mixedLoad } from './15-mixed-load.ts'
import { tokenToDom } from './16-token-to-dom.ts'
import { streamsAtOnce } from './17-streams-at-once.ts'
import { groupToDom } from './18-group-to-dom.ts'
import { containers } from './19-containers.ts'
import { lists } from './lists.ts'
import { replicaChanges } from './replica-changes.ts'
import { replicaClick } from './replica-click.ts'
import { replicaRuns } from './replica-runs.ts'
import { storeWrites } from './store-writes.ts'
import { takeOver } from './take-over.ts'

/** The rows of one process on SQLite by their numbers, then those of PostgreSQL and replicas by name. */
export const rows: readonly Row[] = [
  settledPanel,
  playgroundPage,
  firstView,
  slowNetwork,
  clickToOutput,
  changeToDom,
  thousandAtOnce,
  manyViewers,
  startToAnswer,
  idleMemory,
  apiPredictions,
  apiGet,
  predictionPage,
  loopHolds,
  mixedLoad,
  tokenToDom,
  streamsAtOnce,
  groupToDom,
  containers,
  storeWrites,
  replicaRuns,
  replicaClick,
  replicaChanges,
  takeOver,
  lists,
]
