import { idsIn, perResource, plain, type ServiceCollector } from '../declaration.js';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html */
export const sfn: ServiceCollector = {
  service: 'sfn',
  prefix: 'states',
  load: () => import('@aws-sdk/client-sfn'),
  client: 'SFNClient',
  scope: 'region',
  operations: [
    ...plain('ListStateMachines'),
    perResource(
      'DescribeStateMachine',
      'stateMachineArn',
      'ListStateMachines',
      idsIn('stateMachines', 'stateMachineArn'),
      {
        absent: ['StateMachineDoesNotExist'],
      },
    ),
  ],
};
