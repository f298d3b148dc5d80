import type { enBroker } from './en-broker.ts';

/** 誰能連上內建 broker。 */
export const zhTwBroker: Readonly<Record<keyof typeof enBroker, string>> = {
  doctor_BROKER_OPEN:
    '內建 broker 在 {host} 上接聽，且設了 mqtt.access: open：同一個網路上的任何人都能送出假的讀取，也能竊聽。',
  doctorNext_BROKER_OPEN: '請建立帳號（silentgate key create --mqtt --reader ID），填進讀取器，再拿掉 mqtt.access。',
  doctor_BROKER_ACCOUNTS_MISSING: '內建 broker 需要帳號，但這些讀取器沒有帳號，無法登入：{readers}。',
  doctorNext_BROKER_ACCOUNTS_MISSING:
    '請對每一台執行 silentgate key create --mqtt --reader {reader}，並把使用者名稱和密碼填進讀取器。',
  doctor_BROKER_SIGN_IN_REFUSED:
    '過去一小時，內建 broker 拒絕了錯誤或沒有提供的使用者名稱或密碼，共 {times} 次。{clients}',
  doctorNext_BROKER_SIGN_IN_REFUSED:
    '如果是您的讀取器：請執行 silentgate key create --mqtt --reader ID，並把使用者名稱和密碼填進讀取器；否則請查明是誰的裝置。',
  doctor_BROKER_ID_REFUSED:
    '過去一小時，內建 broker 把用戶端識別碼留給原本的連線，拒絕了另一個連線，共 {times} 次。{clients}',
  doctorNext_BROKER_ID_REFUSED: '請讓每台讀取器有自己的用戶端識別碼和自己的帳號。',
  doctor_BROKER_TOPIC_REFUSED: '過去一小時，內建 broker 不收不屬於該帳號的主題，共 {times} 次。{clients}',
  doctorNext_BROKER_TOPIC_REFUSED:
    '請讓讀取器的主題與設定檔一致。如果兩邊都不是，帳號可能落入他人手中：silentgate key revoke ID。',
  doctor_BROKER_FILTER_REFUSED: '過去一小時，內建 broker 不讓讀取器訂閱不屬於自己的命令主題，共 {times} 次。{clients}',
  doctorNext_BROKER_FILTER_REFUSED:
    '讀取器只能訂閱自己的 commandTopic 和 managementTopic，不能用萬用字元。儀表板請用 GET /api/v1/events，或自備 broker。',
  doctor_BROKER_OVERLOAD: '過去一小時，內建 broker 為免耗用過多記憶體而拒絕、切斷或捨棄，共 {times} 次。{clients}',
  doctorNext_BROKER_OVERLOAD:
    '記錄檔寫明每個位址的原因。請查明是誰的裝置；讀取器若累積太多待送資料，表示連線已中斷很久。',
};
