#!/bin/sh
# Starts MariaDB as the mysql image starts MySQL: data in /var/lib/mysql, made on the first start, root's
# password from MYSQL_ROOT_PASSWORD.
set -eu
data=/var/lib/mysql
if [ "${1:-mysqld}" != mysqld ]; then
    exec "$@"
fi
if [ -z "${MYSQL_ROOT_PASSWORD:-}" ]; then
    echo "MYSQL_ROOT_PASSWORD is not set" >&2
    exit 1
fi
mkdir -p /run/mysqld "$data"
chown mysql:mysql /run/mysqld "$data"
if [ ! -d "$data/mysql" ]; then
    echo "[Entrypoint]: initializing the database"
    mariadb-install-db --user=mysql --datadir="$data" --auth-root-authentication-method=normal \
        --skip-test-db >/dev/null
fi
# One statement a line: the init file knows no other form.
password=$(printf %s "$MYSQL_ROOT_PASSWORD" | sed "s/\\\\/\\\\\\\\/g; s/'/''/g")
cat >/tmp/init.sql <<SQL
ALTER USER 'root'@'localhost' IDENTIFIED BY '$password';
CREATE OR REPLACE USER 'root'@'%' IDENTIFIED BY '$password';
GRANT ALL PRIVILEGES ON *.* TO 'root'@'%' WITH GRANT OPTION;
SQL
echo "[Entrypoint]: starting"
exec mariadbd --user=mysql --datadir="$data" --bind-address=0.0.0.0 --port=3306 --skip-name-resolve \
    --innodb-buffer-pool-size=32M --performance-schema=off --init-file=/tmp/init.sql
