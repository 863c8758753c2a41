import { attention, type Probe } from '../../core/doctor/index.js';
import type { ExaminedGateway } from './public-url.probe.js';
import { listed } from '../../core/texts/index.js';
import { IGNORED_VARIABLES } from '../texts/gateway.js';

/**
 * Variables that an operator set although NocoBase's plugin decides: the protection that they suggest does not exist.
 */
export const ignoredVariablesProbe: Probe<ExaminedGateway> = {
  id: 'configuration.ignored',
  title: IGNORED_VARIABLES.title,
  applies: (gateway) => ignoredBy(gateway).length > 0,
  run: async (gateway) => {
    return attention(IGNORED_VARIABLES.decidedInNocoBase(listed(ignoredBy(gateway))), IGNORED_VARIABLES.lookAtForm);
  },
};

function ignoredBy({ source, authenticators }: ExaminedGateway): readonly string[] {
  const ofAll = source.kind === 'nocobase' ? source.ignored : [];
  return [...new Set([...ofAll, ...authenticators.flatMap(({ ignored = [] }) => ignored)])];
}
