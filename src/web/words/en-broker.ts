/** English words for who may come to the embedded broker. */
export const enBroker = {
  doctor_BROKER_OPEN:
    'The embedded broker listens on {host} with mqtt.access: open: anybody on the network can publish reads and listen.',
  doctorNext_BROKER_OPEN:
    'Make accounts (silentgate key create --mqtt --reader ID), give them to the readers, and take mqtt.access out.',
  doctor_BROKER_ACCOUNTS_MISSING:
    'The embedded broker asks for accounts, and these readers have none, so they cannot sign in: {readers}.',
  doctorNext_BROKER_ACCOUNTS_MISSING:
    'For each: silentgate key create --mqtt --reader {reader}, and enter user name and password in the reader.',
  doctor_BROKER_SIGN_IN_REFUSED:
    'In the last hour the embedded broker refused a wrong or missing user name or password, times: {times}. {clients}',
  doctorNext_BROKER_SIGN_IN_REFUSED:
    'If these are your readers: silentgate key create --mqtt --reader ID, and enter user name and password in the reader. Otherwise find out whose devices they are.',
  doctor_BROKER_ID_REFUSED:
    'In the last hour the embedded broker kept a client id for the connection that has it, and refused another one, times: {times}. {clients}',
  doctorNext_BROKER_ID_REFUSED: 'Give each reader its own client id, and its own account.',
  doctor_BROKER_TOPIC_REFUSED:
    'In the last hour the embedded broker dropped messages on topics that are not the account’s own, times: {times}. {clients}',
  doctorNext_BROKER_TOPIC_REFUSED:
    'Set the topic in the reader to the one that the configuration has, or the other way round. If neither fits, the account may be in wrong hands: silentgate key revoke ID.',
  doctor_BROKER_FILTER_REFUSED:
    'In the last hour the embedded broker refused to let readers listen on topics that are not their own topics of commands, times: {times}. {clients}',
  doctorNext_BROKER_FILTER_REFUSED:
    'A reader listens on its commandTopic and managementTopic only, written out. For dashboards there are GET /api/v1/events and a broker of your own.',
  doctor_BROKER_OVERLOAD:
    'In the last hour the embedded broker refused, cut or dropped what would have cost it too much memory, times: {times}. {clients}',
  doctorNext_BROKER_OVERLOAD:
    'The log says for each address what it was. Find out whose devices they are; a reader that keeps more than it can send has lost its connection for long.',
} as const;
