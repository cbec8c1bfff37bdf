import { expect, test } from 'vitest';
import { bucketAt } from '../../src/model/index.js';

test.each([
  ['orders.s3.amazonaws.com', 'orders', false],
  ['orders.s3.eu-west-1.amazonaws.com', 'orders', false],
  ['orders.s3-eu-west-1.amazonaws.com', 'orders', false],
  ['orders.s3.dualstack.eu-west-1.amazonaws.com', 'orders', false],
  ['orders.s3.cn-north-1.amazonaws.com.cn', 'orders', false],
  ['my.s3.orders.s3.eu-west-1.amazonaws.com', 'my.s3.orders', false],
  ['orders.s3-website-eu-west-1.amazonaws.com', 'orders', true],
  ['orders.s3-website.eu-west-1.amazonaws.com', 'orders', true],
])('%s is of bucket %s', (host, bucket, isWebsite) => {
  expect(bucketAt(host)).toMatchObject({ bucket, isWebsite });
});

test.each([
  's3.eu-west-1.amazonaws.com',
  'orders-1a2b-s3alias.s3.eu-west-1.amazonaws.com',
  'orders-1a2b--ol-s3.s3.eu-west-1.amazonaws.com',
  'orders-111122223333.s3-accesspoint.eu-west-1.amazonaws.com',
  'm1.mrap.accesspoint.s3-global.amazonaws.com',
  'orders.s3.eu-west-1.amazonaws.com.example.com',
  'orders.example.com',
])('%s is of none', (host) => {
  expect(bucketAt(host)).toBeUndefined();
});

test.each([
  ['orders.s3.amazonaws.com', 'aws'],
  ['orders.s3.eu-west-1.amazonaws.com', 'aws'],
  ['orders.s3.cn-north-1.amazonaws.com.cn', 'aws-cn'],
  ['orders.s3-us-gov-west-1.amazonaws.com', 'aws-us-gov'],
])('%s is in partition %s', (host, partition) => {
  expect(bucketAt(host)?.partition).toBe(partition);
});
