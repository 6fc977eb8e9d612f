// The pipeline's resources in aws-cdk-lib, as its documentation would have them. Argument: the handler's folder.
import {
  App,
  Duration,
  Stack,
  aws_lambda as lambda,
  aws_lambda_destinations as destinations,
  aws_logs as logs,
  aws_s3 as s3,
  aws_s3_notifications as notifications,
  aws_sqs as sqs,
} from 'aws-cdk-lib';

const [handlerFolder] = process.argv.slice(2);
const app = new App();
const stack = new Stack(app, 'UploadPipeline');

const failures = new sqs.Queue(stack, 'Failures', {
  encryption: sqs.QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  retentionPeriod: Duration.days(14),
});
const uploads = new s3.Bucket(stack, 'Uploads', {
  blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
  encryption: s3.BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
  versioned: true,
  lifecycleRules: [
    { abortIncompleteMultipartUploadAfter: Duration.days(7) },
    { noncurrentVersionExpiration: Duration.days(90) },
    { prefix: 'processed/', expiration: Duration.days(365) },
  ],
});
const processUpload = new lambda.Function(stack, 'ProcessUpload', {
  architecture: lambda.Architecture.ARM_64,
  code: lambda.Code.fromAsset(handlerFolder),
  environment: { UPLOAD_PREFIX: 'uploads/', PROCESSED_PREFIX: 'processed/', ON_EXISTING: 'replace' },
  handler: 'index.handler',
  logGroup: new logs.LogGroup(stack, 'Logs', { retention: logs.RetentionDays.ONE_MONTH }),
  maxEventAge: Duration.hours(6),
  memorySize: 512,
  onFailure: new destinations.SqsDestination(failures),
  reservedConcurrentExecutions: 50,
  retryAttempts: 2,
  runtime: new lambda.Runtime('nodejs24.x', lambda.RuntimeFamily.NODEJS),
  timeout: Duration.minutes(5),
});
uploads.grantRead(processUpload, 'uploads/*');
uploads.grantDelete(processUpload, 'uploads/*');
uploads.grantReadWrite(processUpload, 'processed/*');
uploads.addEventNotification(
  s3.EventType.OBJECT_CREATED,
  new notifications.LambdaDestination(processUpload),
  {
    prefix: 'uploads/',
  },
);

app.synth();
