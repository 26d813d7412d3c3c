with big as (select customer_id from sales where customer_id in (select customer_id from (select * from customer where valid_until is null)) group by 1 having sum(amount) > 1000)
select coalesce(customer_id in (from big), false) as big, sum(amount), count(distinct customer_id), avg(amount) from sales group by 1
