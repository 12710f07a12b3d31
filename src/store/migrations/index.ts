import type { Migration } from 'kysely'
import { createPredictions } from './001-predictions.ts'
import { createShares } from './002-shares.ts'
import { createSecrets } from './003-secrets.ts'
import { createExamples } from './004-examples.ts'
import { createUpstreams } from './005-upstreams.ts'
import { createApiFiles } from './006-api-files.ts'
import { createDeployments } from './007-deployments.ts'
import { createDeliveries } from './008-deliveries.ts'
import { createLargeOutputs } from './009-large-outputs.ts'
import { createSummaries } from './010-summaries.ts'
import { addCogVersions } from './011-cog-versions.ts'
import { createLastRuns } from './012-last-runs.ts'
import { createModelSearch } from './013-model-search.ts'
import { createModelEdits } from './014-model-edits.ts'
import { createHistory } from './015-history.ts'
import { addFirstRuns } from './016-first-runs.ts'
import { createPeople } from './017-people.ts'
import { indexVisibility } from './018-visible-lists.ts'
import { hashShares } from './021-shares.ts'
import { addRemovedData } from './022-removed-data.ts'
import { createRemovals } from './023-removals.ts'
import { addGivenNamespaces } from './024-given-namespaces.ts'
import { indexChoices } from './025-list-choices.ts'
import { createReplicas } from './026-replicas.ts'
import { shardRuns } from './027-run-shards.ts'
import { indexDeadlines } from './028-deadlines.ts'
import { createLimits } from './030-limits.ts'
import { countOperatorChanges } from './031-operator-changes.ts'
import { createUpstreamNotes } from './033-upstream-notes.ts'
import { createUpstreamKeys } from './034-upstream-keys.ts'
import { linkTurns } from './035-conversations.ts'
import { createGroups } from './036-groups.ts'
import { createEmbedLinks } from './037-embed-links.ts'
import { createJudgements } from './038-judgements.ts'
import { indexGroupCounts } from './039-group-counts.ts'
import { keepRunsAgain } from './040-runs-again.ts'
import { countModelScores } from './043-model-scores.ts'
import { addGroupShares } from './044-group-shares.ts'
import { keepCountsAs } from './045-counts-as.ts'
import { createRunCounts } from './046-run-counts.ts'
import { keepPhases } from './047-phases.ts'
import { createInstanceTables } from './048-instances.ts'

/** Every migration by name, in order. One that has been released never changes again. */
export const migrations: Record<string, Migration> = {
  '001-predictions': { up: createPredictions },
  '002-shares': { up: createShares },
  '003-secrets': { up: createSecrets },
  '004-examples': { up: createExamples },
  '005-upstreams': { up: createUpstreams },
  '006-api-files': { up: createApiFiles },
  '007-deployments': { up: createDeployments },
  '008-deliveries': { up: createDeliveries },
  '009-large-outputs': { up: createLargeOutputs },
  '010-summaries': { up: createSummaries },
  '011-cog-versions': { up: addCogVersions },
  '012-last-runs': { up: createLastRuns },
  '013-model-search': { up: createModelSearch },
  '014-model-edits': { up: createModelEdits },
  '015-history': { up: createHistory },
  '016-first-runs': { up: addFirstRuns },
  '017-people': { up: createPeople },
  '018-visible-lists': { up: indexVisibility },
  '021-shares': { up: hashShares },
  '022-removed-data': { up: addRemovedData },
  '023-removals': { up: createRemovals },
  '024-given-namespaces': { up: addGivenNamespaces },
  '025-list-choices': { up: indexChoices },
  '026-replicas': { up: createReplicas },
  '027-run-shards': { up: shardRuns },
  '028-deadlines': { up: indexDeadlines },
  '030-limits': { up: createLimits },
  '031-operator-changes': { up: countOperatorChanges },
  '033-upstream-notes': { up: createUpstreamNotes },
  '034-upstream-keys': { up: createUpstreamKeys },
  '035-conversations': { up: linkTurns },
  '036-groups': { up: createGroups },
  '037-embed-links': { up: createEmbedLinks },
  '038-judgements': { up: createJudgements },
  '039-group-counts': { up: indexGroupCounts },
  '040-runs-again': { up: keepRunsAgain },
  '043-model-scores': { up: countModelScores },
  '044-group-shares': { up: addGroupShares },
  '045-counts-as': { up: keepCountsAs },
  '046-run-counts': { up: createRunCounts },
  '047-phases': { up: keepPhases },
  '048-instances': { up: createInstanceTables },
}
