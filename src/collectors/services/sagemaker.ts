import { idsIn, perResource, plain, type ServiceCollector } from '../declaration.js';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html */
export const sagemaker: ServiceCollector = {
  service: 'sagemaker',
  prefix: 'sagemaker',
  load: () => import('@aws-sdk/client-sagemaker'),
  client: 'SageMakerClient',
  scope: 'region',
  operations: [
    ...plain('ListNotebookInstances'),
    perResource(
      'DescribeNotebookInstance',
      'NotebookInstanceName',
      'ListNotebookInstances',
      idsIn('NotebookInstances', 'NotebookInstanceName'),
    ),
  ],
};
