import { field, type JsonObject } from '../../model/index.js';
import { idsIn, perResource, type ServiceCollector } from '../declaration.js';

const listeners = (keyed: JsonObject): string[] =>
  Object.keys(keyed).flatMap((key) => idsIn('Listeners', 'ListenerArn')(field(keyed, key)));

/** Standard accelerators. @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsglobalaccelerator.html */
export const globalAccelerator: ServiceCollector = {
  service: 'global-accelerator',
  prefix: 'globalaccelerator',
  load: () => import('@aws-sdk/client-global-accelerator'),
  client: 'GlobalAcceleratorClient',
  scope: 'global',
  // One place answers for all regions. @see https://docs.aws.amazon.com/general/latest/gr/global_accelerator.html
  askedIn: { aws: 'us-west-2' },
  operations: [
    { name: 'ListAccelerators', input: () => ({ MaxResults: 100 }) },
    perResource('ListListeners', 'AcceleratorArn', 'ListAccelerators', idsIn('Accelerators', 'AcceleratorArn'), {
      input: { MaxResults: 100 },
      absent: ['AcceleratorNotFoundException'],
    }),
    perResource('ListEndpointGroups', 'ListenerArn', 'ListListeners', listeners, {
      input: { MaxResults: 100 },
      absent: ['ListenerNotFoundException'],
    }),
  ],
};
